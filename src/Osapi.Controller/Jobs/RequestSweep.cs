using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>
/// Removes requests in objects that no job needs: of a controller that died before the record was in the log, of a job that was deleted, and
/// those with secrets whose job is over.
/// </summary>
internal sealed partial class RequestSweep(ITransport transport, JobIndex index, NodeEnvironment node, TimeProvider time, ILogger<RequestSweep> logger) : BackgroundService
{
    /// <summary>The time between two sweeps.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>The age below which an object is kept, because its job may be accepted at this moment.</summary>
    public static readonly TimeSpan GracePeriod = TimeSpan.FromHours(1);

    private DateTimeOffset started;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        started = transport.ServerNow;
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Removes them once.</summary>
    /// <returns>The number of removed objects.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        var old = transport.ServerNow - GracePeriod;
        // What a process left that had the store for itself is nobody's any more.
        if (node.IsAlone && started > old)
            old = started;
        foreach (var stored in await transport.Requests.ListAsync(cancellationToken))
            if (stored.Modified < old && RequestObjects.JobOf(stored.Name) is { } id && !await IsNeededAsync(id, stored.Name, cancellationToken)
                && await transport.Requests.DeleteAsync(stored.Name, cancellationToken))
                removed++;
        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (node.IsAlone)
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (TransportException failure)
            {
                LogFailed(failure, Interval);
            }

        await PeriodicLoop.RunAsync(Interval, time, SweepAsync, failure => LogFailed(failure, Interval), stoppingToken);
    }

    private async Task<bool> IsNeededAsync(JobId id, string name, CancellationToken cancellationToken)
    {
        if (await transport.LastAsync(StreamName.Jobs, Subjects.Record(id), cancellationToken) is not { } last)
            return false;
        // A record that cannot be read is none of a deleted job.
        if (!JobRecord.TryParse(id, last, out var record, out _))
            return true;
        return record.Deletion is null && (name == record.RequestObject?.Name || (name == record.SecretObject && !IsOver(id)));
    }

    private bool IsOver(JobId id)
    {
        try
        {
            return index.Find(id) is { } job && JobStatusRules.IsFinished(job.Record, job.States);
        }
        catch (SqliteException)
        {
            // The read model reports its trouble itself.
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Removing the requests of jobs that do not exist failed; next attempt in {Every}")]
    private partial void LogFailed(Exception failure, TimeSpan every);
}
