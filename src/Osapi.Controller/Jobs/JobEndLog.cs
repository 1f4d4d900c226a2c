using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Jobs.Active;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>Logs one line for each ended job: id, operation, target, caller, hosts by outcome, and duration. Requests and results are not logged.</summary>
/// <remarks>Every controller of a fleet follows the same log and writes the line. Old jobs that a new read model reads again are not logged.</remarks>
internal sealed partial class JobEndLog(ITransport transport, ActiveJobs jobs, ILogger<JobEndLog> logger) : IHostedService
{
    // A job that ended during a restart of the controller is logged; the content of a rebuilt read model is not.
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
        LogEnded(record.Id, record.Operation, record.Target, record.Caller ?? "unknown", status, ok, failed, other, (long)(job.Updated - record.Created).TotalMilliseconds);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Job {JobId} ({Operation}) on {Target} for {Caller} ended: {Status}; hosts: {Ok} ok, {Failed} failed, {Other} other; {Milliseconds} ms")]
    private partial void LogEnded(
        JobId jobId, string operation, string target, string caller, string status, int ok, int failed, int other, long milliseconds);
}
