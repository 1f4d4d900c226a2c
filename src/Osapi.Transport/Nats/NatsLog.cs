using System.Runtime.CompilerServices;

namespace Osapi.Transport.Nats;

/// <summary>One log: a stream of the broker, read by subject and followed in order.</summary>
internal sealed class NatsLog(StreamName name, NatsBroker broker, StreamStore streams, ServerClock clock)
{
    private readonly string store = broker.Names.StreamOf(name);
    private readonly string root = broker.Names.SubjectsOf(name);
    private readonly LiveCopies live = new(broker, clock, broker.Names.SubjectsOf(name));

    public async Task<Message?> LastAsync(string subject, CancellationToken cancellationToken)
    {
        Names.CheckSubject(subject);
        if (await streams.LastAsync(store, root + subject, cancellationToken) is not { } last)
            return null;
        clock.Observe(last.Time);
        return new(subject, last.Sequence, last.Time, last.Data);
    }

    public async Task<IReadOnlyList<Message>> ReadAsync(string subject, long after, int maxCount, CancellationToken cancellationToken)
    {
        Names.CheckSubject(subject);
        var full = root + subject;
        List<Message> messages = [];
        // The last sequence is read first: searching for a message that does not exist would scan the whole stream.
        if (await streams.LastAsync(store, full, cancellationToken) is not { } last)
            return messages;
        for (var position = after; position < last.Sequence && messages.Count < maxCount; position = messages[^1].Sequence)
        {
            if (await streams.NextAsync(store, full, position + 1, cancellationToken) is not { } next)
                break;
            messages.Add(new(subject, next.Sequence, next.Time, next.Data));
        }

        return messages;
    }

    public async Task<StreamState> StateAsync(CancellationToken cancellationToken)
    {
        var found = await streams.StateAsync(store, NatsBroker.RequestTimeout, cancellationToken);
        return new(found.Created, (long)found.State.LastSeq);
    }

    public IAsyncEnumerable<Message> FollowAsync(string prefix, long after, CancellationToken cancellationToken) => FollowAsync(prefix, after, toEnd: false, cancellationToken);

    public IAsyncEnumerable<Message> ReadToEndAsync(string prefix, long after, CancellationToken cancellationToken) => FollowAsync(prefix, after, toEnd: true, cancellationToken);

    public Task<IAsyncEnumerable<Message>> ListenAsync(string prefix, CancellationToken cancellationToken) => live.ListenAsync(prefix, cancellationToken);

    public Task PurgeAsync(string subject, long? before, CancellationToken cancellationToken)
    {
        Names.CheckSubject(subject);
        return streams.PurgeAsync(store, root + subject, before, cancellationToken);
    }

    public Task RemoveAsync(IReadOnlyList<long> sequences, CancellationToken cancellationToken) => streams.RemoveAsync(store, sequences, cancellationToken);

    private async IAsyncEnumerable<Message> FollowAsync(string prefix, long after, bool toEnd, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        OrderedReader reader = new(
            broker,
            store,
            prefix.Length == 0 ? null : NatsNames.Filter(root, prefix),
            name is not StreamName.Commands ? ConsumerSettings.LowLatency : toEnd ? ConsumerSettings.CatchUp : ConsumerSettings.Background);
        await foreach (var message in reader.ReadAsync(after, toEnd, cancellationToken))
        {
            var metadata = message.Metadata!.Value;
            clock.Observe(metadata.Timestamp);
            yield return new(message.Subject[root.Length..], (long)metadata.Sequence.Stream, metadata.Timestamp, StoredCopy.Content(message.Headers, message.Data));
        }
    }
}
