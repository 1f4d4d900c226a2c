namespace Osapi.Transport.Embedded;

/// <summary>Publishes the results of committed writes and completes their callers, in the order of the commits.</summary>
/// <remarks>
/// One work item of the thread pool does it for all writes of a commit, so that few threads have to wake up, while the store's own thread
/// flushes the next commit.
/// </remarks>
/// <param name="publish">Publishes to the followers of the logs what the writes have added.</param>
internal sealed class CommitNotifier(Action publish) : IThreadPoolWorkItem
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<PendingWrite> committed = [];
    private bool isActive;
    private bool isEnding;

    /// <summary>Adds the writes of the next commit.</summary>
    public void Add(List<PendingWrite> writes)
    {
        lock (gate)
        {
            committed.AddRange(writes);
            if (isActive)
                return;
            isActive = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Completes when all writes have their results, after the last commit.</summary>
    public Task EndAsync()
    {
        lock (gate)
        {
            isEnding = true;
            if (!isActive)
                ended.TrySetResult();
        }

        return ended.Task;
    }

    /// <inheritdoc/>
    public void Execute()
    {
        List<PendingWrite> writes;
        lock (gate)
            (writes, committed) = (committed, []);
        foreach (var write in writes)
            write.Publish();
        // First the followers: whoever is told of a write then finds its effects.
        publish();
        foreach (var write in writes)
            write.Complete();
        lock (gate)
        {
            isActive = committed.Count > 0;
            if (!isActive && isEnding)
                ended.TrySetResult();
            if (!isActive)
                return;
        }

        // Behind what the callers do now.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
