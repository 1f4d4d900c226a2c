namespace Osapi.Transport.Embedded;

/// <summary>Hands the messages of the queue to callers in order of arrival.</summary>
/// <remarks>
/// Only memory records who holds a message: after a restart every unacknowledged message is delivered again at once.
/// </remarks>
internal sealed class SqliteWorkQueue : IDisposable
{
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private readonly PriorityQueue<long, long> ready = new();
    private readonly LinkedList<TaskCompletionSource<long>> callers = [];
    private readonly HashSet<long> held = [];
    // Ordered by expiry, because every message is held for the same time.
    private readonly Queue<(long Sequence, long Since)> deadlines = [];
    private bool closed;

    public SqliteWorkQueue(TimeProvider time, IEnumerable<long> sequences)
    {
        this.time = time;
        timer = time.CreateTimer(_ => Reclaim(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        ready.EnqueueRange(sequences.Select(sequence => (sequence, sequence)));
    }

    /// <summary>
    /// Waits for the next message that is not held, and returns its sequence. The caller holds it from now on.
    /// </summary>
    public async Task<long> TakeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource<long> caller = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, typeof(EmbeddedTransport));
            callers.AddLast(caller);
            Match();
        }

        await using (cancellationToken.UnsafeRegister((_, token) => GiveUp(caller, token), null))
            return await caller.Task;
    }

    public void Offer(long sequence)
    {
        lock (gate)
        {
            ready.Enqueue(sequence, sequence);
            Match();
        }
    }

    /// <summary>Removes a message, so that it is not delivered again.</summary>
    public void Forget(long sequence)
    {
        lock (gate)
            held.Remove(sequence);
    }

    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            foreach (var caller in callers)
                caller.TrySetException(new ObjectDisposedException(nameof(EmbeddedTransport)));
            callers.Clear();
        }

        timer.Dispose();
    }

    private void Match()
    {
        while (callers.First is { } first && ready.TryDequeue(out var sequence, out _))
        {
            callers.RemoveFirst();
            held.Add(sequence);
            deadlines.Enqueue((sequence, time.GetTimestamp()));
            if (deadlines.Count == 1)
                timer.Change(QueueDelivery.AcknowledgeTimeout, Timeout.InfiniteTimeSpan);
            first.Value.SetResult(sequence);
        }
    }

    private void Reclaim()
    {
        lock (gate)
        {
            while (deadlines.TryPeek(out var oldest))
            {
                var left = QueueDelivery.AcknowledgeTimeout - time.GetElapsedTime(oldest.Since);
                if (left > TimeSpan.Zero)
                {
                    // A timer counts whole milliseconds; one that fires early would spin.
                    timer.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
                    break;
                }

                deadlines.Dequeue();
                if (held.Remove(oldest.Sequence))
                    ready.Enqueue(oldest.Sequence, oldest.Sequence);
            }

            if (!closed)
                Match();
        }
    }

    private void GiveUp(TaskCompletionSource<long> caller, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            // False when it has just been given a message, which it then keeps.
            if (callers.Remove(caller))
                caller.SetCanceled(cancellationToken);
        }
    }
}
