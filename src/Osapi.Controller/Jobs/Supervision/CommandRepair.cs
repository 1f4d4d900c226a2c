using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Jobs.Active;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.Supervision;

/// <summary>
/// Appends missing commands of a job when the controller crashed, or lost the store, between the job's record and its
/// commands.
/// </summary>
/// <remarks>
/// Every controller may try: an existing command is not appended again, and of two commands the executor's states let
/// only one start. On a transport that delivers live, that attempt delivers an existing command once more to a host that missed it.
/// </remarks>
internal sealed partial class CommandRepair(ITransport transport, ActiveJobs activeJobs, RequestSecrets secrets, LargeRequests requests, RequestFiles files, TimeProvider time, ILogger<CommandRepair> logger) : BackgroundService
{
    /// <summary>The time that the accepting controller has for the commands.</summary>
    public static readonly TimeSpan RepairDelay = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    // Well within the time for which the store knows the ids of messages.
    private static readonly TimeSpan MaxRepeatAge = TimeSpan.FromMinutes(1);

    private readonly DeadlineQueue due = new(transport, time);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        activeJobs.Added += job => due.Add(job.Record.Id, job.Record.Created + Min(RepairDelay, (job.Record.Deadline - job.Record.Created) / 2));
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var id in due.ReadAsync(id => activeJobs.Find(id) is null, stoppingToken))
            if (activeJobs.Find(id) is { } job && !await CompleteAsync(job, stoppingToken))
                due.Add(id, transport.ServerNow + RetryDelay);
    }

    private async Task<bool> CompleteAsync(ActiveJob job, CancellationToken cancellationToken)
    {
        // The remaining time, so that a late command gives no host longer than the job allows.
        var left = (job.Record.Deadline - transport.ServerNow).TotalSeconds;
        if (left <= 0)
            return true;
        try
        {
            var missing = await MissingAsync(job, cancellationToken);
            if (missing.Count == 0)
                return true;
            secrets.RequireSealed(job.Record);
            // Without its secrets the job cannot be completed, and expires.
            if (await secrets.FindAsync(job.Record, cancellationToken) is { } request)
                await transport.AppendAsync([.. JobCommands.Of(job.Record, request, await FilesAsync(job.Record, request, cancellationToken), missing, left)], cancellationToken);
            return true;
        }
        catch (OperationException exception)
        {
            // A stored file was sealed meanwhile, for example. The job expires.
            LogIncomplete(job.Record.Id, exception.Message);
            return true;
        }
        catch (TransportException exception)
        {
            LogNotCompleted(job.Record.Id, exception.Message);
            return false;
        }
    }

    private async Task<IReadOnlyList<FileReference>?> FilesAsync(JobRecord record, RequestContent request, CancellationToken cancellationToken)
    {
        if (!files.MayBeNamed(record))
            return null;
        var bytes = await requests.FindAsync(request, cancellationToken) ?? throw new OperationException(ErrorType.NotFound, "its request is not in the store any more");
        return await files.FindAsync(record, bytes, cancellationToken);
    }

    private async Task<List<string>> MissingAsync(ActiveJob job, CancellationToken cancellationToken)
    {
        List<string> missing = [];
        var unstarted = job.Record.Executors.Where(executor => !job.States.ContainsKey(executor));
        if (transport.DeliversLive && transport.ServerNow < job.Record.Created + MaxRepeatAge)
            return [.. unstarted];
        foreach (var executor in unstarted)
            // The queue cannot be queried; the message's id prevents a duplicate.
            if (executor == HostKey.Any || await transport.LastAsync(StreamName.Commands, Subjects.Command(executor, job.Record.Id), cancellationToken) is not { } last
                || !JobCommand.TryParse(last, out _, out _))
                missing.Add(executor);
        return missing;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The commands of job {JobId} cannot be completed: {Reason}")]
    private partial void LogIncomplete(JobId jobId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The commands of job {JobId} could not be completed, trying again: {Reason}")]
    private partial void LogNotCompleted(JobId jobId, string reason);
}
