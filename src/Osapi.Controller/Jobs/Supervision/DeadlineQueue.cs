using System.Runtime.CompilerServices;
using Osapi.Controller.Jobs.Active;
using Osapi.Operations;
using Osapi.Transport;

namespace Osapi.Controller.Jobs.Supervision;

/// <summary>
/// A queue of jobs with a due time by the store's clock. It holds ids, not jobs, so that finished jobs are not kept in
/// memory.
/// </summary>
internal sealed class DeadlineQueue(ITransport transport, TimeProvider time)
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MinDelay = TimeSpan.FromMilliseconds(1);

    private readonly Lock gate = new();
    private readonly PriorityQueue<JobId, DateTimeOffset> waiting = new();
    private readonly AsyncSignal earlier = new();

    public void Add(JobId jobId, DateTimeOffset due)
    {
        bool isFirst;
        lock (gate)
        {
            isFirst = !waiting.TryPeek(out _, out var next) || due < next;
            waiting.Enqueue(jobId, due);
        }

        // A job that is due later than another one changes nothing now, and nearly all are.
        if (isFirst)
            earlier.Set();
    }

    /// <summary>Enumerates the jobs, each when its time has come, until cancelled.</summary>
    /// <param name="isOver">Determines whether a job needs no attention any more. It is dropped, and nothing wakes up for it.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public async IAsyncEnumerable<JobId> ReadAsync(Func<JobId, bool> isOver, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var change = earlier.WaitAsync;
            var now = transport.ServerNow;
            if (Take(isOver, now, out var next) is { } id)
                yield return id;
            else
                await WaitAsync(change, next, now, cancellationToken);
        }
    }

    // The next due time; null for an empty queue.
    private JobId? Take(Func<JobId, bool> isOver, DateTimeOffset now, out DateTimeOffset? next)
    {
        lock (gate)
        {
            while (waiting.TryPeek(out var first, out _) && isOver(first))
                waiting.Dequeue();
            next = waiting.TryPeek(out var id, out var due) ? due : null;
            if (next is null || due > now)
                return null;
            waiting.Dequeue();
            return id;
        }
    }

    private async Task WaitAsync(Task change, DateTimeOffset? next, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (next is not { } due)
        {
            await change.WaitAsync(cancellationToken);
            return;
        }

        using var waitCancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var left = due - now;
        var timeout = Task.Delay(left > MinDelay ? left : MinDelay, time, waitCancellation.Token);
        // A timer that was set while the clock was adjusted would be late by the same amount.
        if (transport.ServerNow - now < ClockTolerance)
            await Task.WhenAny(change, timeout);
        // Otherwise the abandoned timer would stay until it fires.
        await waitCancellation.CancelAsync();
    }
}
