using Osapi.Controller.Jobs.Active;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs;

/// <summary>Wakes those who follow a run when it has changed.</summary>
internal sealed class RunChanges
{
    private readonly Lock gate = new();
    private readonly Dictionary<RunId, (AsyncSignal Signal, int Followers)> followed = [];

    /// <summary>Begins to follow a run, until disposed.</summary>
    public RunChange Follow(RunId id)
    {
        lock (gate)
        {
            var (signal, followers) = followed.TryGetValue(id, out var known) ? known : (new(), 0);
            followed[id] = (signal, followers + 1);
            return new(this, id, signal);
        }
    }

    /// <summary>Wakes the followers of a run.</summary>
    public void Wake(RunId id)
    {
        AsyncSignal? signal;
        lock (gate)
            signal = followed.GetValueOrDefault(id).Signal;
        signal?.Set();
    }

    private void Leave(RunId id)
    {
        lock (gate)
        {
            var (signal, followers) = followed[id];
            if (followers == 1)
                followed.Remove(id);
            else
                followed[id] = (signal, followers - 1);
        }
    }

    /// <summary>A follower of a run.</summary>
    internal sealed class RunChange(RunChanges changes, RunId id, AsyncSignal signal) : IDisposable
    {
        /// <summary>The task that completes at the next change. Whoever gets it before looking at the run misses nothing.</summary>
        public Task Next => signal.WaitAsync;

        public void Dispose() => changes.Leave(id);
    }
}
