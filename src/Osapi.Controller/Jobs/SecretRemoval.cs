using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Jobs.Active;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>Removes the secrets of jobs that are over. Every controller of a fleet may: what is removed already is passed over.</summary>
internal sealed partial class SecretRemoval(ITransport transport, RequestSecrets secrets, ActiveJobs jobs, JobIndex index, TimeProvider time, ILogger<SecretRemoval> logger) : BackgroundService
{
    // The commands of those that do not fit are removed by their age.
    private const int MaxWaiting = 10_000;
    private const int MaxAtOnce = 100;
    private const int MaxAttempts = 60;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly RetryLoop retry = new(time, RetryDelay);
    private readonly Channel<EndedJob> ended = Channel.CreateBounded<EndedJob>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        jobs.Ended += job => Add(job.Record, job.States);
        return base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(RemoveAllAsync(stoppingToken), retry.RunAsync(() => FindLeftAsync(stoppingToken), static _ => { }, stoppingToken));

    private void Add(JobRecord record, IReadOnlyDictionary<string, ExecutorState> states)
    {
        if (record.SecretsCode is not null)
            // A host that takes a message removes it.
            ended.Writer.TryWrite(new(record, IsQueued: record.AnyHost && states.GetValueOrDefault(HostKey.Any)?.Event.Host is null));
    }

    // Jobs that had ended when a controller died which would have removed their secrets. Later ones end while this one lives.
    private async Task FindLeftAsync(CancellationToken cancellationToken)
    {
        var last = (await transport.StateAsync(StreamName.Commands, cancellationToken)).LastSequence;
        await foreach (var message in transport.FollowAsync(StreamName.Commands, Subjects.Requests, 0, cancellationToken))
            if (message.Sequence > last)
                return;
            else if (JobId.TryParseCanonical(message.Subject[Subjects.Requests.Length..], out var id) && Find(id) is { } job && JobStatusRules.IsFinished(job.Record, job.States))
                Add(job.Record, job.States);
    }

    private IndexedJob? Find(JobId id)
    {
        try
        {
            return index.Find(id);
        }
        catch (SqliteException)
        {
            // The read model reports its trouble itself, and the secrets have a maximum age.
            return null;
        }
    }

    private async Task RemoveAllAsync(CancellationToken cancellationToken)
    {
        List<EndedJob> batch = [];
        while (await ended.Reader.WaitToReadAsync(cancellationToken))
        {
            batch.Clear();
            while (batch.Count < MaxAtOnce && ended.Reader.TryRead(out var job))
                batch.Add(job);
            for (var attempt = 1; !await TryRemoveAsync(batch, isLast: attempt == MaxAttempts, cancellationToken) && attempt < MaxAttempts; attempt++)
                await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }

    private async Task<bool> TryRemoveAsync(IReadOnlyList<EndedJob> batch, bool isLast, CancellationToken cancellationToken)
    {
        try
        {
            await secrets.RemoveAsync([.. batch.Select(job => job.Record)], [.. batch.Where(job => job.IsQueued).Select(job => job.Record.Id)], cancellationToken);
            return true;
        }
        catch (TransportException exception)
        {
            if (isLast)
                LogNotRemoved(batch[0].Record.Id, batch.Count - 1, exception.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The commands of job {JobId} and {Others} others, which have secrets, could not be removed and stay until they expire: {Reason}")]
    private partial void LogNotRemoved(JobId jobId, int others, string reason);

    private sealed record EndedJob(JobRecord Record, bool IsQueued);
}
