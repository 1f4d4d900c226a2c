using System.Collections.Frozen;

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
    private readonly FrozenDictionary<StreamName, NatsLog> logs;
    private readonly FrozenDictionary<QueueName, NatsWorkQueue> queues;
    private readonly ServerClock clock;
    private readonly NatsObjects results;
    private readonly NatsObjects files;
    private readonly NatsObjects requests;
    private readonly Lazy<Task> closed;
    private Task running = Task.CompletedTask;

    private NatsTransport(NatsBroker broker)
    {
        this.broker = broker;
        streams = new(broker);
        StreamPublisher publisher = new(broker, streams);
        appender = new(broker, publisher);
        clock = new(broker, streams, publisher);
        logs = Enum.GetValues<StreamName>().ToFrozenDictionary(name => name, name => new NatsLog(name, broker, streams, clock));
        queues = Enum.GetValues<QueueName>().ToFrozenDictionary(name => name, name => new NatsWorkQueue(name, broker, clock));
        Hosts = new NatsKeyValues(broker.Names.Hosts, broker, streams, publisher);
        Roster = new NatsKeyValues(broker.Names.Roster, broker, streams, publisher);
        results = new(broker.Names.Results, owned: true, broker, streams, publisher, clock);
        files = new(broker.Names.Files, owned: false, broker, streams, publisher, clock);
        requests = new(broker.Names.Requests, owned: false, broker, streams, publisher, clock);
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
    public IObjects Requests => requests;

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

    /// <inheritdoc/>
    public bool AppendsAtOnce => false;

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
    public bool DeliversLive => true;

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
    public Task<Message?> LastAsync(StreamName stream, string subject, CancellationToken cancellationToken) => logs[stream].LastAsync(subject, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Message>> ReadAsync(StreamName stream, string subject, long after, int maxCount, CancellationToken cancellationToken) =>
        logs[stream].ReadAsync(subject, after, maxCount, cancellationToken);

    /// <inheritdoc/>
    public Task<StreamState> StateAsync(StreamName stream, CancellationToken cancellationToken) => logs[stream].StateAsync(cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<Message> FollowAsync(StreamName stream, string prefix, long after, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return logs[stream].FollowAsync(prefix, after, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Message> ReadToEndAsync(StreamName stream, string prefix, long after, CancellationToken cancellationToken) =>
        logs[stream].ReadToEndAsync(prefix, after, cancellationToken);

    /// <inheritdoc/>
    public Task<IAsyncEnumerable<Message>> ListenAsync(StreamName stream, string prefix, CancellationToken cancellationToken) => logs[stream].ListenAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public Task<QueueDelivery> DequeueAsync(QueueName queue, CancellationToken cancellationToken) => queues[queue].DequeueAsync(cancellationToken);

    /// <inheritdoc/>
    public Task PurgeAsync(StreamName stream, string subject, long? before, CancellationToken cancellationToken) => logs[stream].PurgeAsync(subject, before, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(StreamName stream, IReadOnlyList<long> sequences, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        return logs[stream].RemoveAsync(sequences, cancellationToken);
    }

    /// <summary>Ends pending calls, and closes the connection.</summary>
    public ValueTask DisposeAsync() => new(closed.Value);

    private Task RunAsync(bool creates)
    {
        List<Task> loops = [clock.RunAsync(broker.Closing)];
        if (creates)
            loops.AddRange([
                new StreamLossDetector(broker, streams).RunAsync(broker.Closing),
                new ChunkSweep(broker.Names.Results, broker, streams, results.Descriptions).RunAsync(broker.Closing),
                new ChunkSweep(broker.Names.Files, broker, streams, files.Descriptions).RunAsync(broker.Closing),
                new ChunkSweep(broker.Names.Requests, broker, streams, requests.Descriptions).RunAsync(broker.Closing)]);
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
