using System.Collections.Frozen;
using System.Runtime.CompilerServices;

namespace Osapi.Transport.Nats;

/// <summary>The transport of a fleet: logs, buckets and signals of a NATS broker with JetStream.</summary>
public sealed class NatsTransport : ITransport
{
    // Room for the headers: the subject's expectations and the id of the message.
    private const int Headers = 4 * 1024;

    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(5);

    private readonly NatsBroker broker;
    private readonly StreamStore streams;
    private readonly BatchAppender appender;
    private readonly FrozenDictionary<QueueName, NatsWorkQueue> queues;
    private readonly ServerClock clock;
    private readonly NatsObjects results;
    private readonly NatsObjects files;
    private readonly Lazy<Task> closed;
    private Task running = Task.CompletedTask;

    private NatsTransport(NatsBroker broker)
    {
        this.broker = broker;
        streams = new(broker);
        StreamPublisher publisher = new(broker, streams);
        appender = new(broker, publisher);
        clock = new(broker, streams, publisher);
        queues = Enum.GetValues<QueueName>().ToFrozenDictionary(name => name, name => new NatsWorkQueue(name, broker, clock));
        Hosts = new NatsKeyValues(broker.Names.Hosts, broker, streams, publisher);
        Roster = new NatsKeyValues(broker.Names.Roster, broker, streams, publisher);
        results = new(broker.Names.Results, owned: true, broker, streams, publisher, clock);
        files = new(broker.Names.Files, owned: false, broker, streams, publisher, clock);
        Signals = new NatsSignals(broker);
        closed = new(CloseAsync);
    }

    /// <inheritdoc/>
    public IKeyValues Hosts { get; }

    /// <inheritdoc/>
    public IKeyValues Roster { get; }

    /// <inheritdoc/>
    public IObjects Results => results;

    /// <inheritdoc/>
    public IObjects Files => files;

    /// <inheritdoc/>
    public ISignals Signals { get; }

    /// <inheritdoc/>
    public DateTimeOffset ServerNow => clock.Now;

    /// <summary>
    /// True when the broker was not reachable at the first attempt to connect: other clients may reconnect later than
    /// this one.
    /// </summary>
    public bool WasUnavailableAtStart => broker.WasUnavailableAtStart;

    /// <inheritdoc/>
    public int MaxMessageSize => Math.Min(StreamSettings.MaxCommandSize, broker.Connection.ServerInfo?.MaxPayload ?? int.MaxValue) - Headers;

    /// <summary>
    /// Connects, and waits with growing delays for a broker that is not up yet. With <see
    /// cref="NatsOptions.CreateStreams"/> it creates missing streams; without it, it waits until they exist.
    /// </summary>
    /// <exception cref="ArgumentException">The options are invalid; the message lists every problem.</exception>
    /// <exception cref="TransportException">
    /// Waiting does not help: the broker refuses the credentials, its certificate is not trusted, a server does not
    /// apply a setting, or a stream of that name has different settings.
    /// </exception>
    public static async Task<NatsTransport> ConnectAsync(NatsOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Check() is { Count: > 0 } problems)
            throw new ArgumentException(string.Join(' ', problems), nameof(options));
        NatsTransport transport = new(await NatsConnector.ConnectAsync(options, cancellationToken));
        try
        {
            await new StreamProvisioner(transport.broker).RunAsync(cancellationToken);
            await transport.clock.ReadAsync(cancellationToken);
            transport.running = transport.RunAsync(options.CreateStreams);
            return transport;
        }
        catch
        {
            await transport.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool IsShared => true;

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken)
    {
        var jobs = broker.Names.StreamOf(StreamName.Jobs);
        // Only a write shows that the stream is writable again.
        return broker.IsUnwritable(jobs) ? AppendAsync([new(StreamName.Jobs, "mark.ping", ReadOnlyMemory<byte>.Empty)], cancellationToken) : streams.StateAsync(jobs, PingTimeout, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<AppendResult> AppendAsync(IReadOnlyList<Append> messages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        // Checked before the first is sent: an invalid message must not leave half of them appended.
        foreach (var message in messages)
        {
            Names.CheckSubject(message.Subject);
            _ = broker.Names.StreamOf(message.Stream);
        }

        return appender.AppendAsync(messages, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Message?> LastAsync(StreamName stream, string subject, CancellationToken cancellationToken)
    {
        Names.CheckSubject(subject);
        if (await streams.LastAsync(broker.Names.StreamOf(stream), broker.Names.SubjectsOf(stream) + subject, cancellationToken) is not { } last)
            return null;
        clock.Observe(last.Time);
        return new(subject, last.Sequence, last.Time, last.Data);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Message>> ReadAsync(StreamName stream, string subject, long after, int maxCount, CancellationToken cancellationToken)
    {
        Names.CheckSubject(subject);
        var full = broker.Names.SubjectsOf(stream) + subject;
        List<Message> messages = [];
        // The last sequence is read first: searching for a message that does not exist would scan the whole stream.
        if (await streams.LastAsync(broker.Names.StreamOf(stream), full, cancellationToken) is not { } last)
            return messages;
        for (var position = after; position < last.Sequence && messages.Count < maxCount; position = messages[^1].Sequence)
        {
            if (await streams.NextAsync(broker.Names.StreamOf(stream), full, position + 1, cancellationToken) is not { } next)
                break;
            messages.Add(new(subject, next.Sequence, next.Time, next.Data));
        }

        return messages;
    }

    /// <inheritdoc/>
    public async Task<StreamState> StateAsync(StreamName stream, CancellationToken cancellationToken)
    {
        var found = await streams.StateAsync(broker.Names.StreamOf(stream), NatsBroker.RequestTimeout, cancellationToken);
        return new(found.Created, (long)found.State.LastSeq);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Message> FollowAsync(StreamName stream, string prefix, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var root = broker.Names.SubjectsOf(stream);
        OrderedReader reader = new(
            broker,
            broker.Names.StreamOf(stream),
            prefix.Length == 0 ? null : NatsNames.Filter(root, prefix),
            stream is StreamName.Commands ? ConsumerSettings.Background : ConsumerSettings.LowLatency);
        await foreach (var message in reader.ReadAsync(after, toEnd: false, cancellationToken))
        {
            var metadata = message.Metadata!.Value;
            clock.Observe(metadata.Timestamp);
            yield return new(message.Subject[root.Length..], (long)metadata.Sequence.Stream, metadata.Timestamp, StoredCopy.Content(message.Headers, message.Data));
        }
    }

    /// <inheritdoc/>
    public Task<QueueDelivery> DequeueAsync(QueueName queue, CancellationToken cancellationToken) => queues[queue].DequeueAsync(cancellationToken);

    /// <inheritdoc/>
    public Task PurgeAsync(StreamName stream, string subject, long? before, CancellationToken cancellationToken)
    {
        Names.CheckSubject(subject);
        return streams.PurgeAsync(broker.Names.StreamOf(stream), broker.Names.SubjectsOf(stream) + subject, before, cancellationToken);
    }

    /// <inheritdoc/>
    public Task RemoveAsync(StreamName stream, IReadOnlyList<long> sequences, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        return streams.RemoveAsync(broker.Names.StreamOf(stream), sequences, cancellationToken);
    }

    /// <summary>Ends pending calls, and closes the connection.</summary>
    public ValueTask DisposeAsync() => new(closed.Value);

    private Task RunAsync(bool creates)
    {
        List<Task> loops = [clock.RunAsync(broker.Closing)];
        if (creates)
            loops.AddRange([
                new StreamLossDetector(broker, streams).RunAsync(broker.Closing),
                new ChunkSweep(broker.Names.Results, broker, streams, results).RunAsync(broker.Closing),
                new ChunkSweep(broker.Names.Files, broker, streams, files).RunAsync(broker.Closing)]);
        return Task.WhenAll(loops);
    }

    private async Task CloseAsync()
    {
        await broker.DisposeAsync();
        await running;
        foreach (var queue in queues.Values)
            queue.Dispose();
    }
}
