using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;
using Osapi.Transport.Jobs.Outputs;

namespace Osapi.Controller.Jobs.Outputs;

/// <summary>
/// Removes the output of jobs that do not exist any more: what a host stored after its job was deleted, and what a
/// controller of an earlier version left when it deleted one.
/// </summary>
internal sealed partial class OutputSweep(ITransport transport, TimeProvider time, ILogger<OutputSweep> logger) : BackgroundService
{
    /// <summary>The time between two sweeps.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>The age below which a chunk is kept, because its job may be accepted at this moment, or its command still runs.</summary>
    public static readonly TimeSpan GracePeriod = TimeSpan.FromHours(2);

    /// <summary>Removes them once.</summary>
    /// <returns>The number of removed chunks.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        var old = transport.ServerNow - GracePeriod;
        Dictionary<JobId, bool> known = [];
        foreach (var chunk in await transport.Results.ListAsync(cancellationToken))
        {
            if (chunk.Modified > old || OutputChunks.JobOf(chunk.Name) is not { } id)
                continue;
            if (!known.TryGetValue(id, out var isKnown))
                known[id] = isKnown = await IsKnownAsync(id, cancellationToken);
            if (!isKnown && await transport.Results.DeleteAsync(chunk.Name, cancellationToken))
                removed++;
        }

        return removed;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        PeriodicLoop.RunAsync(Interval, time, SweepAsync, failure => LogFailed(failure, Interval), stoppingToken);

    // A record that cannot be read is none of a deleted job.
    private async Task<bool> IsKnownAsync(JobId id, CancellationToken cancellationToken) =>
        await transport.LastAsync(StreamName.Jobs, Subjects.Record(id), cancellationToken) is { } record
        && (!JobRecord.TryParse(id, record.Payload, out var job, out _) || job.Deletion is null);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Removing the output of deleted jobs failed; next attempt in {Every}")]
    private partial void LogFailed(Exception failure, TimeSpan every);
}
