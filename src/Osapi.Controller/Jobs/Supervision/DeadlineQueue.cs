using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Osapi.Operations;
using Osapi.Transport;

namespace Osapi.Controller.Jobs.Supervision;

/// <summary>Jobs that something is to be done about at some time of the store's clock. Ids, not jobs: what is over is not kept in memory until then.</summary>
internal sealed class DeadlineQueue(ITransport transport, TimeProvider time)
{
    private static readonly TimeSpan LateBy = TimeSpan.FromMilliseconds(50);
    private readonly Channel<(JobId JobId, DateTimeOffset Due)> added = Channel.CreateUnbounded<(JobId, DateTimeOffset)>(new() { SingleReader = true });

    public void Add(JobId jobId, DateTimeOffset due) => added.Writer.TryWrite((jobId, due));

    /// <summary>The jobs, each when its time has come, until cancelled.</summary>
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
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var arrival = added.Reader.WaitToReadAsync(either.Token).AsTask();
        if (waiting.TryPeek(out _, out var next))
        {
            var left = next - now;
            var passing = Task.Delay(left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1), time, either.Token);
            // A timer that was set while the clock moved would be late by as much.
            if (transport.ServerNow - now < LateBy)
                await Task.WhenAny(arrival, passing);
        }
        else
        {
            await arrival;
        }

        // A timer that nobody waits for any more would stay until it fires.
        await either.CancelAsync();
    }
}
