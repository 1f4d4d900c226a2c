using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>A job started by this agent.</summary>
/// <param name="Log">The job's states, the newest of which names this agent.</param>
/// <param name="IsCancelled">True when it was cancelled before this session started it.</param>
/// <param name="IsOfEarlierRun">
/// True when an earlier session started it and this one does not run it. A restored ledger lacks later records, so
/// an unrecorded job may have run.
/// </param>
internal sealed record StartedJob(ExecutorLog Log, bool IsCancelled = false, bool IsOfEarlierRun = false)
{
    public JobEvent State => Log.Fold.State!.Event;

    public long Sequence => Log.Fold.State!.Sequence;
}
