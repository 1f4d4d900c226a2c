using System.Collections.Concurrent;
using System.Text;
using Osapi.Transport.Tests.Contract;

namespace Osapi.Transport.Tests.Nats;

/// <summary>Takers that empty the queue, during faults.</summary>
internal sealed class QueueLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly ITransport transport;
    private readonly Task taking;
    private readonly ConcurrentDictionary<string, bool> taken = new();
    private int deliveries;

    public QueueLoad(ITransport transport, int takers)
    {
        this.transport = transport;
        taking = Task.WhenAll(Enumerable.Range(0, takers).Select(_ => Task.Run(TakeAsync)));
    }

    public int Added { get; private set; }

    public int Taken => deliveries;

    public async Task AddAsync(int count, CancellationToken cancellationToken)
    {
        for (var i = 0; i < count; i++)
            await transport.AppendAsync([new(StreamName.WorkQueue, "any", Encoding.ASCII.GetBytes($"{Added++}"))], cancellationToken);
    }

    /// <summary>Waits until each message was taken at least once; the tokens detect repetitions.</summary>
    public async Task AllTakenAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(60));
        while (taken.Count < Added)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken).Token);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await taking;
        stopping.Dispose();
    }

    private async Task TakeAsync()
    {
        while (!stopping.IsCancellationRequested)
            try
            {
                var delivery = await transport.DequeueAsync(stopping.Token);
                Interlocked.Increment(ref deliveries);
                taken[delivery.Message.Text()] = true;
                await delivery.AcknowledgeAsync(CancellationToken.None);
            }
            catch (Exception failure) when (failure is TransportException or OperationCanceledException)
            {
                // It is delivered again.
            }
    }
}
