using System.Runtime.CompilerServices;
using NATS.Client.JetStream;

namespace Osapi.Transport.Nats;

/// <summary>Reads the current content of a stream, and ends.</summary>
internal sealed class StreamEnumerator(NatsBroker broker, string stream, string filter)
{
    public async IAsyncEnumerable<INatsJSMsg<byte[]>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        OrderedReader reader = new(broker, stream, filter, ConsumerSettings.LowLatency);
        try
        {
            await foreach (var message in reader.ReadAsync(after: 0, toEnd: true, cancellationToken))
                yield return message;
        }
        finally
        {
            await reader.DeleteConsumerAsync();
        }

        ObjectDisposedException.ThrowIf(broker.Closing.IsCancellationRequested, typeof(NatsTransport));
    }
}
