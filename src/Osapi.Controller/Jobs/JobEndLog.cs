using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Jobs.Active;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>Logs a line for each job that is over: id, operation, target, caller, the hosts by outcome, and the time it took. No request and no result.</summary>
/// <remarks>Every controller of a fleet follows the same log and writes the line. Jobs that a new read model learns of again are old and are left out.</remarks>
internal sealed partial class JobEndLog(ITransport transport, ActiveJobs jobs, ILogger<JobEndLog> logger) : IHostedService
{
    // What ended while the controller was being restarted is still news; a read model that is made again is not.
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        jobs.Ended += Write;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        jobs.Ended -= Write;
        return Task.CompletedTask;
    }

    private void Write(ActiveJob job)
    {
        if (!logger.IsEnabled(LogLevel.Information) || transport.ServerNow - job.Updated > MaxAge)
            return;
        var record = job.Record;
        var (ok, failed, other) = (0, 0, record.Skipped.Count);
        foreach (var state in job.States.Values)
            switch (JobStatusRules.OutcomeOf(state.Event))
            {
                case Outcome.Ok:
                    ok++;
                    break;
                case Outcome.Failed:
                    failed++;
                    break;
                default:
                    other++;
                    break;
            }

        var status = SnakeCaseName.Of(job.Phase);
        LogEnded(record.Id, record.Operation, record.Target, record.Caller ?? "nobody", status, ok, failed, other, (long)(job.Updated - record.Created).TotalMilliseconds);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Job {JobId} ({Operation}) on {Target} for {Caller} is over: {Status}; hosts: {Ok} ok, {Failed} failed, {Other} other; {Milliseconds} ms")]
    private partial void LogEnded(
        JobId jobId, string operation, string target, string caller, string status, int ok, int failed, int other, long milliseconds);
}
