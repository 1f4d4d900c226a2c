using System.Runtime.CompilerServices;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Osapi.Transport.Nats;

/// <summary>The bucket of hosts, as every NATS client knows buckets: a stream with the newest message of each key, in which a mark stands for a removed one.</summary>
internal sealed class HostValues(Broker broker, StreamStore streams, Publisher publisher) : IKeyValues
{
    private const string Operation = "KV-Operation";
    private const string Removed = "DEL";
    private const string Purged = "PURGE";
    private const int AtOnce = 64;

    private static readonly NatsHeaders Removal = new() { { Operation, Removed } };

    private readonly string stream = Layout.KeyStream(broker.Layout.Hosts);
    private readonly string prefix = Layout.Keys(broker.Layout.Hosts);

    public async Task<long?> PutAsync(string key, ReadOnlyMemory<byte> value, long? expectedRevision, CancellationToken cancellationToken)
    {
        Names.CheckKey(key);
        cancellationToken.ThrowIfCancellationRequested();
        while (true)
        {
            if (await StoreAsync(expectedRevision) is { } revision)
                return revision;
            // A removed key is one without a value, but its mark has a revision.
            if (expectedRevision != 0 || await streams.LastAsync(stream, prefix + key, cancellationToken) is not { } mark || !IsMark(StoredHeaders.Find(mark.Hdrs, Operation)))
                return null;
            if (await StoreAsync((long)mark.Seq) is { } overMark)
                return overMark;
        }

        Task<long?> StoreAsync(long? expected) => publisher.PublishAsync(stream, prefix + key, value, expected, messageId: null, headers: null, cancellationToken);
    }

    public async Task<KeyValue?> GetAsync(string key, CancellationToken cancellationToken)
    {
        Names.CheckKey(key);
        return await streams.LastAsync(stream, prefix + key, cancellationToken) is { } last && !IsMark(StoredHeaders.Find(last.Hdrs, Operation))
            ? new(key, last.Data, (long)last.Seq)
            : null;
    }

    public async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        // Without a look a mark would be left for every key that was ever asked for.
        if (await GetAsync(key, cancellationToken) is not null)
            await publisher.PublishAsync(stream, prefix + key, default, expectedLast: null, messageId: null, Removal, cancellationToken);
    }

    /// <summary>Key by key: a reader of the stream never comes to its end while keys are being replaced.</summary>
    public async Task<IReadOnlyList<KeyValue>> ListAsync(CancellationToken cancellationToken)
    {
        var keys = (await streams.CountAsync(stream, prefix + ">", cancellationToken)).Keys.Select(subject => subject[prefix.Length..]).Where(Names.IsKey).ToList();
        var values = new KeyValue?[keys.Count];
        await Parallel.ForAsync(0, keys.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (place, token) =>
            values[place] = await GetAsync(keys[place], token));
        return [.. values.OfType<KeyValue>()];
    }

    public async IAsyncEnumerable<KeyValue> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<string> known = [];
        await foreach (var message in new OrderedReader(broker, stream, prefix + ">", ReadPace.Quick).ReadAsync(after: 0, toEnd: false, cancellationToken))
        {
            var value = Value(message);
            // The mark of a key that was removed before this watcher saw it says nothing to it.
            if (IsMark(message) ? known.Remove(value.Key) : known.Add(value.Key) || true)
                yield return value;
        }
    }

    private static bool IsMark(INatsJSMsg<byte[]> message) => message.Headers is { } headers && headers.TryGetLastValue(Operation, out var operation) && IsMark(operation);

    private static bool IsMark(string? operation) => operation is Removed or Purged;

    private KeyValue Value(INatsJSMsg<byte[]> message) =>
        new(message.Subject[prefix.Length..], message.Data ?? [], (long)message.Metadata!.Value.Sequence.Stream);
}
