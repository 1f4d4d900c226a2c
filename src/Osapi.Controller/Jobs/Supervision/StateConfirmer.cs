using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Jobs.Active;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.Supervision;

/// <summary>Tells agents the state of an executor where they cannot check a message of another host.</summary>
/// <remarks>Every controller replies; the agent takes the first reply. One request after the other: a flood of them costs no more than their reading.</remarks>
internal sealed partial class StateConfirmer(ITransport transport, ActiveJobs activeJobs, SkippedMessages skipped, TimeProvider time, ILogger<StateConfirmer> logger) : BackgroundService
{
    private const int MaxPages = 20;

    // The time after the acceptance of a job, beside its start limit, after which nothing starts it.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly RetryLoop retry = new(time, RetryDelay);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            await retry.RunAsync(() => ListenAsync(stoppingToken), LogNotHeard, stoppingToken);
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await foreach (var signal in transport.Signals.ListenAsync(Subjects.Confirmations, cancellationToken))
        {
            var host = signal.Subject[Subjects.Confirmations.Length..];
            if (!ConfirmRequest.TryParse(signal.Payload, out var request) || (request.Executor != HostKey.Any && request.Executor != host))
                skipped.Add("confirmations", host, signal.Subject, sequence: 0, "it asks for no state that the host may know");
            else
                await ReplyAsync(host, request, cancellationToken);
        }
    }

    private async Task ReplyAsync(string host, ConfirmRequest request, CancellationToken cancellationToken)
    {
        try
        {
            ExecutorLog log = new(transport, request.JobId, request.Executor);
            var last = -1L;
            for (var page = 0; page < MaxPages && log.Fold.LastSequence != last; page++)
            {
                last = log.Fold.LastSequence;
                await log.ReadAsync(cancellationToken);
            }

            await transport.Signals.SendAsync(Subjects.Confirmed(host), JobJson.Bytes(ConfirmReply.To(request, log.Fold) with { MayStart = await MayStartAsync(host, log.Fold, cancellationToken) }), cancellationToken);
        }
        catch (TransportException exception)
        {
            // The agent asks again.
            LogNotConfirmed(request.JobId, host, exception.Message);
        }
    }

    // By the times of this controller, too: whoever delays a command may also tell a wrong time of the store.
    private async Task<bool> MayStartAsync(string host, ExecutorFold fold, CancellationToken cancellationToken)
    {
        if (fold.State is { Event: var state } && (state.Kind != JobEventKind.Start || state.Host is not { } name || HostKey.Of(name) != host))
            return false;
        var active = activeJobs.Find(fold.JobId);
        if ((active?.Record ?? await FindRecordAsync(fold.JobId, cancellationToken)) is not { Deletion: null } record || !record.Executors.Contains(fold.Executor))
            return false;
        var limit = TimeSpan.FromSeconds(record.StartWithin) + Tolerance;
        return transport.ServerNow <= record.Created + limit && (active is null || time.GetElapsedTime(active.AddedAt) <= limit);
    }

    // Another controller may have accepted it a moment ago.
    private async Task<JobRecord?> FindRecordAsync(JobId id, CancellationToken cancellationToken) =>
        await transport.LastAsync(StreamName.Jobs, Subjects.Record(id), cancellationToken) is { } message && JobRecord.TryParse(id, message, out var record, out _) ? record : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The requests of agents to confirm a state cannot be heard, trying again: {Reason}")]
    private partial void LogNotHeard(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The state of job {JobId} was not confirmed to {Host}: {Reason}")]
    private partial void LogNotConfirmed(JobId jobId, string host, string reason);
}
