using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Osapi.Transport.Nats;

/// <summary>
/// A bucket of keys in the format of every NATS client: a stream with the newest message of each key, in which a marker
/// stands for a removed key.
/// </summary>
internal sealed class NatsKeyValues(string bucket, NatsBroker broker, StreamStore streams, StreamPublisher publisher) : IKeyValues
{
    private const int MaxParallelReads = 64;

    private static readonly TimeSpan MaxReplicaLag = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMilliseconds(500);
    private static readonly NatsHeaders Removal = new() { { KeyTombstone.Header, KeyTombstone.Removed } };

    private readonly string stream = NatsNames.KeyStream(bucket);
    private readonly string prefix = NatsNames.Keys(bucket);
    private readonly ConcurrentDictionary<string, long> newest = new();

    public async Task<long?> PutAsync(string key, ReadOnlyMemory<byte> value, long? expectedRevision, CancellationToken cancellationToken)
    {
        Names.CheckKey(key);
        cancellationToken.ThrowIfCancellationRequested();
        while (true)
        {
            if (await StoreAsync(expectedRevision) is { } revision)
                return revision;
            // A removed key has no value, but its marker has a revision.
            if (expectedRevision != 0 || await LastAsync(key, cancellationToken) is not { IsRemoval: true } mark)
                return null;
            if (await StoreAsync(mark.Sequence) is { } overMark)
                return overMark;
        }

        async Task<long?> StoreAsync(long? expected)
        {
            var stored = await publisher.PublishAsync(stream, prefix + key, value, expected, messageId: null, headers: null, cancellationToken);
            if (stored is { } revision && streams.MayLag(stream))
                newest[key] = revision;
            return stored;
        }
    }

    public async Task<KeyValue?> GetAsync(string key, CancellationToken cancellationToken)
    {
        Names.CheckKey(key);
        return await LastAsync(key, cancellationToken) is { IsRemoval: false } last ? new(key, last.Data, last.Sequence) : null;
    }

    public async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        // Without this check, deleting a key that never existed would leave a marker.
        if (await GetAsync(key, cancellationToken) is not null)
            await publisher.PublishAsync(stream, prefix + key, default, expectedLast: null, messageId: null, Removal, cancellationToken);
    }

    /// <summary>
    /// Gets every key with its value, key by key: a reader of the stream would never finish while keys are being
    /// replaced.
    /// </summary>
    public async Task<IReadOnlyList<KeyValue>> ListAsync(CancellationToken cancellationToken)
    {
        var keys = (await streams.CountAsync(stream, prefix + ">", cancellationToken)).Keys.Select(subject => subject[prefix.Length..]).Where(Names.IsKey).ToList();
        var values = new KeyValue?[keys.Count];
        await Parallel.ForAsync(0, keys.Count, new ParallelOptions { MaxDegreeOfParallelism = MaxParallelReads, CancellationToken = cancellationToken }, async (index, token) =>
            values[index] = await GetAsync(keys[index], token));
        return [.. values.OfType<KeyValue>()];
    }

    public async IAsyncEnumerable<KeyValue> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<string> known = [];
        await foreach (var message in new OrderedReader(broker, stream, prefix + ">", ConsumerSettings.LowLatency).ReadAsync(after: 0, toEnd: false, cancellationToken))
        {
            var value = Value(message);
            // The marker of a key removed before this watcher saw it is of no interest to it.
            if (IsMark(message) ? known.Remove(value.Key) : known.Add(value.Key) || true)
                yield return value;
        }
    }

    // A lagging replica must not hide what this process has stored or seen itself. If it lags for long, it is not a
    // replica: the bucket was recreated and counts from 1 again.
    private async Task<StoredEntry?> LastAsync(string key, CancellationToken cancellationToken)
    {
        var backoff = RetryBackoff.ForBroker(broker.Time, MaxRetryDelay);
        var began = broker.Time.GetTimestamp();
        while (true)
        {
            var last = await streams.LastAsync(stream, prefix + key, cancellationToken);
            if (!streams.MayLag(stream))
                return last;
            var sequence = last?.Sequence ?? 0;
            if (sequence >= newest.GetValueOrDefault(key) || broker.Time.GetElapsedTime(began) >= MaxReplicaLag)
            {
                newest[key] = sequence;
                return last;
            }

            await broker.DelayAsync(backoff, cancellationToken);
        }
    }

    private static bool IsMark(INatsJSMsg<byte[]> message) => message.Headers is { } headers && headers.TryGetLastValue(KeyTombstone.Header, out var operation) && KeyTombstone.IsTombstone(operation);

    private KeyValue Value(INatsJSMsg<byte[]> message) =>
        new(message.Subject[prefix.Length..], StoredCopy.Content(message.Headers, message.Data), (long)message.Metadata!.Value.Sequence.Stream);
}
