using System.Runtime.CompilerServices;
using Osapi.Transport;

namespace Osapi.Agent.Tests.Jobs;

/// <summary>The calls that may fail.</summary>
internal enum Call
{
    Append,
    Last,
    State,
    Follow,
    Dequeue,
    Acknowledge,
    PutObject,
    Register,
    Signal,
}

/// <summary>The kinds of failure.</summary>
internal enum Fault
{
    None,

    /// <summary>The call had no effect.</summary>
    Before,

    /// <summary>The call had its effect, and the answer was lost.</summary>
    After,
}

/// <summary>A store with injected failures.</summary>
internal sealed class FaultyTransport(ITransport inner) : ITransport, IKeyValues, IObjects, ISignals
{
    /// <summary>Chooses the failure of a call; for an append it gets the first message.</summary>
    public required Func<Call, Append?, Fault> Fail { get; init; }

    /// <summary>True when no signal arrives.</summary>
    public bool IsDeaf { get; init; }

    public IKeyValues Hosts => this;

    public IKeyValues Roster => inner.Roster;

    public IObjects Results => this;

    public IObjects Requests => inner.Requests;

    public IObjects Files => inner.Files;

    public ISignals Signals => this;

    public DateTimeOffset ServerNow => inner.ServerNow;

    public int MaxMessageSize => inner.MaxMessageSize;

    public bool AppendsAtOnce => inner.AppendsAtOnce;

    public Task PingAsync(CancellationToken cancellationToken) => inner.PingAsync(cancellationToken);

    public Task<AppendResult> AppendAsync(IReadOnlyList<Append> messages, CancellationToken cancellationToken) =>
        TryAsync(Call.Append, () => inner.AppendAsync(messages, cancellationToken), messages[0]);

    public Task<Message?> LastAsync(StreamName stream, string subject, CancellationToken cancellationToken) =>
        TryAsync(Call.Last, () => inner.LastAsync(stream, subject, cancellationToken));

    public Task<IReadOnlyList<Message>> ReadAsync(StreamName stream, string subject, long after, int most, CancellationToken cancellationToken) =>
        TryAsync(Call.Last, () => inner.ReadAsync(stream, subject, after, most, cancellationToken));

    public Task<StreamState> StateAsync(StreamName stream, CancellationToken cancellationToken) =>
        TryAsync(Call.State, () => inner.StateAsync(stream, cancellationToken));

    public async IAsyncEnumerable<Message> FollowAsync(StreamName stream, string prefix, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var message in inner.FollowAsync(stream, prefix, after, cancellationToken))
        {
            var fault = Fail(Call.Follow, null);
            if (fault == Fault.Before)
                throw Broken(Call.Follow);
            yield return message;
            if (fault == Fault.After)
                throw Broken(Call.Follow);
        }
    }

    public async Task<QueueDelivery> DequeueAsync(QueueName queue, CancellationToken cancellationToken)
    {
        var delivery = await TryAsync(Call.Dequeue, () => inner.DequeueAsync(queue, cancellationToken));
        return new(delivery.Message, token => TryAsync(Call.Acknowledge, async () =>
        {
            await delivery.AcknowledgeAsync(token);
            return 0;
        }));
    }

    public Task PurgeAsync(StreamName stream, string subject, long? before, CancellationToken cancellationToken) => inner.PurgeAsync(stream, subject, before, cancellationToken);

    public Task RemoveAsync(StreamName stream, IReadOnlyList<long> sequences, CancellationToken cancellationToken) => inner.RemoveAsync(stream, sequences, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    Task<long?> IKeyValues.PutAsync(string key, ReadOnlyMemory<byte> value, long? expectedRevision, CancellationToken cancellationToken) =>
        TryAsync(Call.Register, () => inner.Hosts.PutAsync(key, value, expectedRevision, cancellationToken));

    Task<KeyValue?> IKeyValues.GetAsync(string key, CancellationToken cancellationToken) => inner.Hosts.GetAsync(key, cancellationToken);

    Task IKeyValues.DeleteAsync(string key, CancellationToken cancellationToken) => inner.Hosts.DeleteAsync(key, cancellationToken);

    Task<IReadOnlyList<KeyValue>> IKeyValues.ListAsync(CancellationToken cancellationToken) => inner.Hosts.ListAsync(cancellationToken);

    IAsyncEnumerable<KeyValue> IKeyValues.WatchAsync(CancellationToken cancellationToken) => inner.Hosts.WatchAsync(cancellationToken);

    Task<ObjectInfo> IObjects.PutAsync(string name, Stream content, string? metadata, CancellationToken cancellationToken) =>
        TryAsync(Call.PutObject, () => inner.Results.PutAsync(name, content, metadata, cancellationToken));

    Task<ObjectInfo?> IObjects.FindAsync(string name, CancellationToken cancellationToken) => inner.Results.FindAsync(name, cancellationToken);

    Task<Stream?> IObjects.OpenAsync(string name, CancellationToken cancellationToken) => inner.Results.OpenAsync(name, cancellationToken);

    Task<bool> IObjects.DeleteAsync(string name, CancellationToken cancellationToken) => inner.Results.DeleteAsync(name, cancellationToken);

    Task<IReadOnlyList<ObjectInfo>> IObjects.ListAsync(CancellationToken cancellationToken) => inner.Results.ListAsync(cancellationToken);

    Task ISignals.SendAsync(string subject, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) => TryAsync(Call.Signal, async () =>
    {
        await inner.Signals.SendAsync(subject, payload, cancellationToken);
        return 0;
    });

    IAsyncEnumerable<Signal> ISignals.ListenAsync(string prefix, CancellationToken cancellationToken) =>
        IsDeaf ? SilenceAsync(cancellationToken) : inner.Signals.ListenAsync(prefix, cancellationToken);

    private async Task<T> TryAsync<T>(Call call, Func<Task<T>> act, Append? append = null)
    {
        var fault = Fail(call, append);
        if (fault == Fault.Before)
            throw Broken(call);
        var result = await act();
        return fault == Fault.After ? throw Broken(call) : result;
    }

    private static async IAsyncEnumerable<Signal> SilenceAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        yield break;
    }

    private static TransportException Broken(Call call) => new($"{call} got no answer");
}
