using System.Collections.Concurrent;
using Osapi.Controller.Jobs.Active;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs.Detached;

/// <summary>The changes of runs that concern <see cref="DetachedRuns"/>: one waits or is to be cancelled, or one is over.</summary>
internal sealed class DetachedChanges
{
    // What does not fit is removed by the sweep.
    private const int MaxOver = 10_000;

    private readonly AsyncSignal changed = new();
    private readonly ConcurrentQueue<RunId> over = new();

    /// <summary>The task that completes at the next change.</summary>
    public Task Next => changed.WaitAsync;

    /// <summary>Observes the state of a run after it has changed.</summary>
    public void Observe(JournalState run)
    {
        if (run.Head.Detached is null)
            return;
        if (run.IsOver && over.Count < MaxOver)
            over.Enqueue(run.Id);
        if (run.IsOver || run.Head.Detached.Waiting is true)
            changed.Set();
    }

    public void Wake() => changed.Set();

    /// <summary>Takes the runs that are over, whose inputs are to be removed.</summary>
    public IReadOnlyList<RunId> TakeOver()
    {
        List<RunId> taken = [];
        while (taken.Count < MaxOver && over.TryDequeue(out var id))
            taken.Add(id);
        return taken;
    }
}
