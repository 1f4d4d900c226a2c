using System.Runtime.CompilerServices;
using NATS.Client.JetStream;

namespace Osapi.Transport.Nats;

/// <summary>Reads what is in a stream now, and ends.</summary>
internal sealed class StreamScan(Broker broker, string stream, string filter)
{
    public async IAsyncEnumerable<INatsJSMsg<byte[]>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var newest = (await broker.CallAsync($"$JS.API.STREAM.INFO.{stream}", token => broker.JetStream.GetStreamAsync(stream, new() { SubjectsFilter = filter }, token), cancellationToken)).Info;
        if (newest.State.Subjects is not { Count: > 0 })
            yield break;
        OrderedReader reader = new(broker, stream, filter, ReadPace.Quick);
        try
        {
            await foreach (var message in reader.ReadAsync(after: 0, cancellationToken))
            {
                yield return message;
                if (reader.Left == 0)
                    break;
            }
        }
        finally
        {
            await reader.LeaveAsync();
        }
    }
}
