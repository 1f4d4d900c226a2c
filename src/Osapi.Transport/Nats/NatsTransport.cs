namespace Osapi.Transport.Nats;

/// <summary>The transport of a fleet: logs, buckets and signals of a NATS broker with JetStream.</summary>
public sealed class NatsTransport : ITransport
{
    private NatsTransport()
    {
    }

    /// <inheritdoc/>
    public IKeyValues Hosts => throw new NotImplementedException();

    /// <inheritdoc/>
    public IObjects Results => throw new NotImplementedException();

    /// <inheritdoc/>
    public IObjects Files => throw new NotImplementedException();

    /// <inheritdoc/>
    public ISignals Signals => throw new NotImplementedException();

    /// <inheritdoc/>
    public DateTimeOffset ServerNow => throw new NotImplementedException();

    /// <summary>
    /// Connects, and waits with growing pauses for a broker that is not up yet. With <see cref="NatsOptions.CreateStreams"/>
    /// it creates what is missing, without it waits until somebody did.
    /// </summary>
    /// <exception cref="ArgumentException">The options are wrong; the message lists everything that is.</exception>
    /// <exception cref="TransportException">Waiting will not help: the broker refuses the credentials, its certificate is not trusted, a server does not do what it was asked, or a log of that name has other settings.</exception>
    public static Task<NatsTransport> ConnectAsync(NatsOptions options, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public Task<AppendResult> AppendAsync(IReadOnlyList<Append> messages, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public Task<Message?> LastAsync(StreamName stream, string subject, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public Task<StreamState> StateAsync(StreamName stream, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public IAsyncEnumerable<Message> FollowAsync(StreamName stream, string prefix, long after, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public Task<QueueDelivery> DequeueAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public Task PurgeAsync(StreamName stream, string subject, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
