using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Osapi.Transport.Nats;

/// <summary>A bucket of keys, as every NATS client knows buckets: a stream with the newest message of each key, in which a mark stands for a removed one.</summary>
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
            // A removed key is one without a value, but its mark has a revision.
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
        // Without a look a mark would be left for every key that was ever asked for.
        if (await GetAsync(key, cancellationToken) is not null)
            await publisher.PublishAsync(stream, prefix + key, default, expectedLast: null, messageId: null, Removal, cancellationToken);
    }

    /// <summary>Key by key: a reader of the stream never comes to its end while keys are being replaced.</summary>
    public async Task<IReadOnlyList<KeyValue>> ListAsync(CancellationToken cancellationToken)
    {
        var keys = (await streams.CountAsync(stream, prefix + ">", cancellationToken)).Keys.Select(subject => subject[prefix.Length..]).Where(Names.IsKey).ToList();
        var values = new KeyValue?[keys.Count];
        await Parallel.ForAsync(0, keys.Count, new ParallelOptions { MaxDegreeOfParallelism = MaxParallelReads, CancellationToken = cancellationToken }, async (place, token) =>
            values[place] = await GetAsync(keys[place], token));
        return [.. values.OfType<KeyValue>()];
    }

    public async IAsyncEnumerable<KeyValue> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<string> known = [];
        await foreach (var message in new OrderedReader(broker, stream, prefix + ">", ConsumerSettings.LowLatency).ReadAsync(after: 0, toEnd: false, cancellationToken))
        {
            var value = Value(message);
            // The mark of a key that was removed before this watcher saw it says nothing to it.
            if (IsMark(message) ? known.Remove(value.Key) : known.Add(value.Key) || true)
                yield return value;
        }
    }

    // What this side has stored or seen itself must not be undone by a replica that lags. One that lags for long is no
    // replica: the bucket was made anew, and counts from 1.
    private async Task<StoredEntry?> LastAsync(string key, CancellationToken cancellationToken)
    {
        var pauses = RetryBackoff.ForBroker(broker.Time, MaxRetryDelay);
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

            await broker.PauseAsync(pauses, cancellationToken);
        }
    }

    private static bool IsMark(INatsJSMsg<byte[]> message) => message.Headers is { } headers && headers.TryGetLastValue(KeyTombstone.Header, out var operation) && KeyTombstone.IsTombstone(operation);

    private KeyValue Value(INatsJSMsg<byte[]> message) =>
        new(message.Subject[prefix.Length..], StoredCopy.Content(message.Headers, message.Data), (long)message.Metadata!.Value.Sequence.Stream);
}
