using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Controller.Operations;
using Osapi.Controller.Problems;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Json;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.Outputs;

/// <summary>Streams the output of a job on one host.</summary>
internal sealed partial class OutputEndpoint(OutputFollower output, JobLookup lookup, IHostApplicationLifetime lifetime, ILogger<OutputEndpoint> logger)
{
    // More names do not help a caller that has to choose one.
    private const int MaxNamedHosts = 20;

    public async Task HandleAsync(HttpContext context)
    {
        List<Problem> problems = [];
        var follow = CallParameters.ReadFlag(context.Request, "follow", problems);
        var stream = ReadStream(context.Request, problems);
        if (!JobId.TryParse(PathMembers.Of(context.Request, "id"), out var id))
            problems.Add(new("id", "must be " + JobIdConverter.JobIdRule.Description));
        if (problems.Count == 0)
        {
            // A caller that follows may ask while the job is being accepted.
            var job = await (follow ? lookup.FindOrWaitAsync(id, context.RequestAborted) : lookup.FindAsync(id, context.RequestAborted));
            if (!context.MaySeeContent(job.Record))
                throw new BadHttpRequestException($"insufficient permissions: the output of {job.Record.Operation} is for its caller, and for those who may call it", StatusCodes.Status403Forbidden);
            if (FindExecutor(job, context.Request.Query["host"], problems) is { } executor)
                await SendAsync(context, id, executor, stream, follow);
        }

        if (problems.Count > 0)
            await ProblemBody.WriteAsync(context, problems);
    }

    private async Task SendAsync(HttpContext context, JobId id, string executor, OutputStream stream, bool follow)
    {
        context.Response.ContentType = "application/octet-stream";
        // Never displayed within the controller's origin, whatever the content is.
        context.Response.Headers.ContentDisposition = "attachment";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        // A stopping controller does not wait for readers.
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            if (follow)
                await context.Response.Body.FlushAsync(linked.Token);
            await foreach (var bytes in output.ReadAsync(id, executor, stream, follow, context, linked.Token))
            {
                await ResponseBuffer.SendAsync(context, bytes);
                await context.Response.Body.FlushAsync(linked.Token);
            }
        }
        catch (Exception exception) when (context.Response.HasStarted && exception is TransportException or OperationException or OperationCanceledException)
        {
            // Only a broken connection tells the caller that the output is not whole.
            if (!context.RequestAborted.IsCancellationRequested)
                LogBroken(id, exception.Message);
            context.Abort();
        }
    }

    private static string? FindExecutor(IndexedJob job, IReadOnlyList<string?> hosts, List<Problem> problems)
    {
        var executors = job.Record.Executors.ToList();
        if (hosts.Count == 0 && executors is [var only])
            return only;
        if (hosts is [{ Length: > 0 } host])
        {
            var key = job.Record.AnyHost ? HostKey.Any : HostKey.Of(host);
            var started = job.States.GetValueOrDefault(key)?.Event.Host;
            if (executors.Contains(key) && (!job.Record.AnyHost || started is null || HostKey.Of(started) == HostKey.Of(host)))
                return key;
            throw new OperationException(ErrorType.NotFound, $"job {job.Record.Id} was not for {host}");
        }

        var names = job.Record.Hosts.Take(MaxNamedHosts).ToList();
        problems.Add(new("host", $"must be one of the job's {executors.Count} hosts: {string.Join(", ", names)}{(names.Count < executors.Count ? ", ..." : "")}"));
        return null;
    }

    private static OutputStream ReadStream(HttpRequest request, List<Problem> problems)
    {
        var texts = request.Query["stream"];
        if (texts.Count == 0)
            return OutputStream.Stdout;
        if (texts is [var text] && SnakeCaseName.Parse<OutputStream>(text) is { } stream)
            return stream;
        problems.Add(new("stream", $"must be {string.Join(" or ", SnakeCaseName.All(typeof(OutputStream)))}"));
        return default;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The output of job {JobId} was broken off: {Reason}")]
    private partial void LogBroken(JobId jobId, string reason);
}
