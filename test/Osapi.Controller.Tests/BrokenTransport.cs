using System.Runtime.CompilerServices;
using Osapi.Transport;

namespace Osapi.Controller.Tests;

/// <summary>A real store with a connection that fails on demand.</summary>
internal sealed class BrokenTransport(ITransport store) : ITransport
{
    private CancellationTokenSource following = new();

    /// <summary>The appends that never reach the store.</summary>
    public Func<Append, bool>? Refuse { get; set; }

    /// <summary>The appends that are stored, and whose answer is lost.</summary>
    public Func<Append, bool>? FailAfter { get; set; }

    /// <summary>
    /// The message at which an append of several fails; the earlier ones are stored, as in a store without atomic
    /// appends.
    /// </summary>
    public Func<Append, bool>? BreakAt { get; set; }

    /// <summary>The messages of a log that its followers do not get.</summary>
    public Func<Message, bool>? LeaveOut { get; set; }

    public bool Silent { get; set; }

    /// <summary>Changes the state that the store reports for its log of jobs.</summary>
    public Func<StreamState, StreamState> See { get; set; } = state => state;

    public IKeyValues Hosts => store.Hosts;

    public IKeyValues Roster => store.Roster;

    public IObjects Results { get; init; } = store.Results;

    public IObjects Requests => store.Requests;

    public IObjects Files => store.Files;

    public ISignals Signals => store.Signals;

    public DateTimeOffset ServerNow => store.ServerNow;

    public int MaxMessageSize { get; set; } = int.MaxValue;

    public bool AppendsAtOnce => store.AppendsAtOnce;

    /// <summary>Ends every follower of a log with a failure.</summary>
    public void BreakFollowers() => Interlocked.Exchange(ref following, new()).Cancel();

    public Task PingAsync(CancellationToken cancellationToken) => Silent ? throw Failure() : store.PingAsync(cancellationToken);

    public async Task<AppendResult> AppendAsync(IReadOnlyList<Append> messages, CancellationToken cancellationToken)
    {
        if (Silent || Refuse is { } refuse && messages.Any(refuse))
            throw Failure();
        if (BreakAt is { } breaks && messages.Any(breaks))
        {
            await store.AppendAsync([.. messages.TakeWhile(message => !breaks(message))], cancellationToken);
            throw Failure();
        }

        var result = await store.AppendAsync(messages, cancellationToken);
        return FailAfter is { } fail && messages.Any(fail) ? throw Failure() : result;
    }

    public Task<Message?> LastAsync(StreamName stream, string subject, CancellationToken cancellationToken) =>
        Silent ? throw Failure() : store.LastAsync(stream, subject, cancellationToken);

    public Task<IReadOnlyList<Message>> ReadAsync(StreamName stream, string subject, long after, int most, CancellationToken cancellationToken) =>
        Silent ? throw Failure() : store.ReadAsync(stream, subject, after, most, cancellationToken);

    public async Task<StreamState> StateAsync(StreamName stream, CancellationToken cancellationToken) =>
        Silent ? throw Failure() : See(await store.StateAsync(stream, cancellationToken));

    public async IAsyncEnumerable<Message> FollowAsync(StreamName stream, string prefix, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var broken = following.Token;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, broken);
        await using var messages = store.FollowAsync(stream, prefix, after, either.Token).GetAsyncEnumerator(CancellationToken.None);
        while (await NextAsync())
            if (LeaveOut?.Invoke(messages.Current) != true)
                yield return messages.Current;

        async Task<bool> NextAsync()
        {
            try
            {
                return await messages.MoveNextAsync();
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw Failure();
            }
        }
    }

    public Task<QueueDelivery> DequeueAsync(QueueName queue, CancellationToken cancellationToken) => store.DequeueAsync(queue, cancellationToken);

    public Task PurgeAsync(StreamName stream, string subject, long? before, CancellationToken cancellationToken) => store.PurgeAsync(stream, subject, before, cancellationToken);

    public Task RemoveAsync(StreamName stream, IReadOnlyList<long> sequences, CancellationToken cancellationToken) => store.RemoveAsync(stream, sequences, cancellationToken);

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private static TransportException Failure() => new("the store does not answer");
}
