using Osapi.Transport;

namespace Osapi.Controller.Tests;

/// <summary>A real store with a connection that fails when a test says so.</summary>
internal sealed class BrokenTransport(ITransport store) : ITransport
{
    /// <summary>Which appends never reach the store.</summary>
    public Func<Append, bool>? Refuse { get; set; }

    /// <summary>Which appends are stored, and their answer is lost.</summary>
    public Func<Append, bool>? FailAfter { get; set; }

    public bool Silent { get; set; }

    public IKeyValues Hosts => store.Hosts;

    public IObjects Results => store.Results;

    public IObjects Files => store.Files;

    public ISignals Signals => store.Signals;

    public DateTimeOffset ServerNow => store.ServerNow;

    public Task PingAsync(CancellationToken cancellationToken) => Silent ? throw Failure() : store.PingAsync(cancellationToken);

    public async Task<AppendResult> AppendAsync(IReadOnlyList<Append> messages, CancellationToken cancellationToken)
    {
        if (Silent || Refuse is { } refuse && messages.Any(refuse))
            throw Failure();
        var result = await store.AppendAsync(messages, cancellationToken);
        return FailAfter is { } fail && messages.Any(fail) ? throw Failure() : result;
    }

    public Task<Message?> LastAsync(StreamName stream, string subject, CancellationToken cancellationToken) => store.LastAsync(stream, subject, cancellationToken);

    public Task<StreamState> StateAsync(StreamName stream, CancellationToken cancellationToken) => Silent ? throw Failure() : store.StateAsync(stream, cancellationToken);

    public IAsyncEnumerable<Message> FollowAsync(StreamName stream, string prefix, long after, CancellationToken cancellationToken) => store.FollowAsync(stream, prefix, after, cancellationToken);

    public Task<QueueDelivery> DequeueAsync(CancellationToken cancellationToken) => store.DequeueAsync(cancellationToken);

    public Task PurgeAsync(StreamName stream, string subject, long? before, CancellationToken cancellationToken) => store.PurgeAsync(stream, subject, before, cancellationToken);

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private static TransportException Failure() => new("the store does not answer");
}
