using System.Runtime.CompilerServices;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Agents;

/// <summary>A real store, with an agent that answers pings.</summary>
internal sealed class AnsweringTransport(ITransport store, ScriptedAgent agent) : ITransport, ISignals
{
    public IKeyValues Hosts => store.Hosts;

    public IKeyValues Roster => store.Roster;

    public IObjects Results => store.Results;

    public IObjects Requests => store.Requests;

    public IObjects Files => store.Files;

    public ISignals Signals => this;

    public DateTimeOffset ServerNow => store.ServerNow;

    public int MaxMessageSize => store.MaxMessageSize;

    public bool AppendsAtOnce => store.AppendsAtOnce;

    public Task PingAsync(CancellationToken cancellationToken) => store.PingAsync(cancellationToken);

    public Task<AppendResult> AppendAsync(IReadOnlyList<Append> messages, CancellationToken cancellationToken) => store.AppendAsync(messages, cancellationToken);

    public Task<Message?> LastAsync(StreamName stream, string subject, CancellationToken cancellationToken) => store.LastAsync(stream, subject, cancellationToken);

    public Task<IReadOnlyList<Message>> ReadAsync(StreamName stream, string subject, long after, int most, CancellationToken cancellationToken) =>
        store.ReadAsync(stream, subject, after, most, cancellationToken);

    public Task<StreamState> StateAsync(StreamName stream, CancellationToken cancellationToken) => store.StateAsync(stream, cancellationToken);

    public IAsyncEnumerable<Message> FollowAsync(StreamName stream, string prefix, long after, CancellationToken cancellationToken) => store.FollowAsync(stream, prefix, after, cancellationToken);

    public Task<QueueDelivery> DequeueAsync(QueueName queue, CancellationToken cancellationToken) => store.DequeueAsync(queue, cancellationToken);

    public Task PurgeAsync(StreamName stream, string subject, long? before, CancellationToken cancellationToken) => store.PurgeAsync(stream, subject, before, cancellationToken);

    public Task RemoveAsync(StreamName stream, IReadOnlyList<long> sequences, CancellationToken cancellationToken) => store.RemoveAsync(stream, sequences, cancellationToken);

    public ValueTask DisposeAsync() => store.DisposeAsync();

    async Task ISignals.SendAsync(string subject, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        await store.Signals.SendAsync(subject, payload, cancellationToken);
        if (subject == Subjects.Ping)
            await agent.SendHeartbeatAsync();
    }

    async IAsyncEnumerable<Signal> ISignals.ListenAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var signal in store.Signals.ListenAsync(prefix, cancellationToken))
            yield return signal;
    }
}
