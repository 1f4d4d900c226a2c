using System.Collections.Concurrent;

namespace Osapi.Agent.Jobs;

/// <summary>The jobs that this agent has taken and not ended, so that they can be cancelled.</summary>
/// <param name="cancelAll">Cancels every one of them.</param>
internal sealed class RunningJobs(CancellationToken cancelAll)
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> running = new();

    /// <summary>Puts a job up; null when it is up already.</summary>
    public CancellationTokenSource? TryAdd(string jobId)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancelAll);
        if (running.TryAdd(jobId, source))
            return source;
        source.Dispose();
        return null;
    }

    public void Remove(string jobId)
    {
        if (running.TryRemove(jobId, out var source))
            source.Dispose();
    }

    public void Cancel(string jobId)
    {
        if (running.TryGetValue(jobId, out var source))
            try
            {
                source.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It ended at this moment.
            }
    }
}
