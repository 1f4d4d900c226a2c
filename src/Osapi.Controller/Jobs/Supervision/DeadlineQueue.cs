using System.Runtime.CompilerServices;
using System.Threading.Channels;
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
    private readonly Channel<(JobId JobId, DateTimeOffset Due)> added = Channel.CreateUnbounded<(JobId, DateTimeOffset)>(new() { SingleReader = true });

    public void Add(JobId jobId, DateTimeOffset due) => added.Writer.TryWrite((jobId, due));

    /// <summary>Enumerates the jobs, each when its time has come, until cancelled.</summary>
    public async IAsyncEnumerable<JobId> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PriorityQueue<JobId, DateTimeOffset> waiting = new();
        while (!cancellationToken.IsCancellationRequested)
        {
            while (added.Reader.TryRead(out var job))
                waiting.Enqueue(job.JobId, job.Due);
            var now = transport.ServerNow;
            if (waiting.TryPeek(out var id, out var due) && due <= now)
            {
                waiting.Dequeue();
                yield return id;
            }
            else
            {
                await NextAsync(waiting, now, cancellationToken);
            }
        }
    }

    private async Task NextAsync(PriorityQueue<JobId, DateTimeOffset> waiting, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var waitCancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var change = added.Reader.WaitToReadAsync(waitCancellation.Token).AsTask();
        if (waiting.TryPeek(out _, out var next))
        {
            var left = next - now;
            var timeout = Task.Delay(left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1), time, waitCancellation.Token);
            // A timer that was set while the clock was adjusted would be late by the same amount.
            if (transport.ServerNow - now < ClockTolerance)
                await Task.WhenAny(change, timeout);
        }
        else
        {
            await change;
        }

        // Otherwise the abandoned timer would stay until it fires.
        await waitCancellation.CancelAsync();
    }
}
