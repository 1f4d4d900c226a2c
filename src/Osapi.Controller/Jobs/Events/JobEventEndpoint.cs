using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Osapi.Controller.Auth;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Controller.Operations;
using Osapi.Controller.Problems;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Controller.Jobs.Events;

/// <summary>Streams changes of jobs as server-sent events.</summary>
/// <remarks>
/// The id of an event is its sequence in the log, which is the same at every controller: an interrupted stream resumes
/// at any of them with <c>Last-Event-ID</c>.
/// </remarks>
internal sealed class JobEventEndpoint(JobEventStream stream, JobLookup lookup, JobFollower follower, IHostApplicationLifetime lifetime)
{
    private const string LastEventId = "Last-Event-ID";
    private const string Replies = "replies";
    private static readonly ReadOnlyMemory<byte> Heartbeat = ": nothing new\n\n"u8.ToArray();

    public async Task StreamJobAsync(HttpContext context)
    {
        List<Problem> problems = [];
        var after = ReadAfter(context.Request, problems);
        var withReplies = CallParameters.ReadFlag(context.Request, Replies, problems);
        if (!JobId.TryParse(PathMembers.Of(context.Request, "id"), out var id))
            problems.Add(new("id", "must be " + JobIdConverter.JobIdRule.Description));
        else if (problems.Count == 0)
        {
            // A caller that wants the replies as they come asks while the job is being accepted.
            var job = await (withReplies ? lookup.FindOrWaitAsync(id, context.RequestAborted) : lookup.FindAsync(id, context.RequestAborted));
            // An id that the log does not have, because it was recreated, is not the end of a stream of this job.
            if (after is not null && !await lookup.ReachAsync(after.Value, context.RequestAborted))
                after = null;
            await AnswerAsync(context, after, job.Record.Id, withReplies && context.MaySeeContent(job.Record));
            return;
        }

        await ProblemBody.WriteAsync(context, problems);
    }

    public async Task StreamAllAsync(HttpContext context)
    {
        List<Problem> problems = [];
        var after = ReadAfter(context.Request, problems);
        if (problems.Count > 0)
        {
            await ProblemBody.WriteAsync(context, problems);
            return;
        }

        if (after is null || !await lookup.ReachAsync(after.Value, context.RequestAborted))
            after = follower.Position;
        await AnswerAsync(context, after, id: null, withReplies: false);
    }

    private async Task AnswerAsync(HttpContext context, long? after, JobId? id, bool withReplies)
    {
        // A stopping controller does not wait for readers; they resume at another one.
        if (HttpMethods.IsHead(context.Request.Method))
        {
            await BeginAsync(context, context.RequestAborted);
            return;
        }

        using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var updates = id is { } job ? stream.OfAsync(job, after ?? 0, withReplies ? Visible : null, linked.Token) : stream.OfAllAsync(after!.Value, linked.Token);
        try
        {
            await WriteAsync(context, updates, id, isResumed: after is not null, linked.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // A response that ends before the job has ended makes the reader reconnect.
        }

        HostReply Visible(HostReply reply) => context.MaySeeFileContent() ? reply : reply.WithoutFileContent();
    }

    private static async Task WriteAsync(HttpContext context, IAsyncEnumerable<IReadOnlyList<JobEventText>> batches, JobId? id, bool isResumed, CancellationToken cancellationToken)
    {
        var isAny = false;
        await using var enumerator = batches.GetAsyncEnumerator(cancellationToken);
        if (id is null)
            await BeginAsync(context, cancellationToken);
        while (await enumerator.MoveNextAsync())
        {
            if (!context.Response.HasStarted)
                await BeginAsync(context, cancellationToken);
            isAny |= enumerator.Current.Count > 0;
            foreach (var change in enumerator.Current)
                await context.Response.Body.WriteAsync(change.Bytes, cancellationToken);
            if (enumerator.Current.Count == 0)
                await context.Response.Body.WriteAsync(Heartbeat, cancellationToken);
            await context.Response.Body.FlushAsync(cancellationToken);
        }

        // An EventSource reconnects after every end, and only this status stops it.
        if (!context.Response.HasStarted && isResumed)
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        else if (isAny)
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($"event: end\ndata: {{\"job_id\":\"{id}\"}}\n\n"), cancellationToken);
    }

    private static Task BeginAsync(HttpContext context, CancellationToken cancellationToken)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        // A buffering proxy would delay the events of a running job.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return context.Response.Body.FlushAsync(cancellationToken);
    }

    private static long? ReadAfter(HttpRequest request, List<Problem> problems)
    {
        var texts = request.Headers[LastEventId];
        if (texts.Count == 0)
            return null;
        if (texts is [{ } text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var after))
            return after;
        problems.Add(new(LastEventId, "must be the id of an event: a whole number"));
        return null;
    }
}
