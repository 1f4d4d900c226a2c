using Osapi.Controller.Jobs;
using Osapi.Controller.Jobs.Active;
using Osapi.Operations;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs.Detached;

/// <summary>Ends detached runs that no runner can end: those that cannot be run at all, and those whose token no longer counts.</summary>
internal sealed class DetachedEnding(RunJournals journals, RunSuperseding superseding, ActiveJobs jobs, JobCancellation cancellation)
{
    private const int MaxAttempts = 10;

    /// <summary>Ends a run: cancels what runs, and records the end with what is owed. Does nothing when its runner is another one by now.</summary>
    /// <param name="id">The run.</param>
    /// <param name="runner">Its runner, or the one that it waits with.</param>
    /// <param name="status">The status, such as <c>cancelled</c>.</param>
    /// <param name="reason">The reason, which the end of the journal gets.</param>
    /// <param name="cancellationToken">Stops the attempts.</param>
    public async Task EndAsync(RunId id, RunId runner, string status, string reason, CancellationToken cancellationToken)
    {
        OperationException? failure = null;
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await journals.FindAsync(id, cancellationToken) is not { IsOver: false } run || run.Head.Runner != runner)
                return;
            try
            {
                foreach (var job in await superseding.OpenJobsAsync(run, cancellationToken))
                    if (jobs.Find(job) is { } active)
                        await cancellation.CancelAsync(active, cancellationToken);
                if (await superseding.TryEndAsync(run, status, reason, cancellationToken) is not null)
                    return;
            }
            catch (OperationException refused)
            {
                // A job is slow to stop.
                failure = refused;
            }
        }

        throw failure ?? RunConflict.TooLate(id);
    }
}
