using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Osapi.Transport;

namespace Osapi.Agent.Tests.Jobs;

/// <summary>A store that also delivers copies of commands as they are published, as a broker does: each as often as the test wants.</summary>
internal sealed class LiveTransport(ITransport inner) : ITransport
{
    private readonly CancellationTokenSource[] listening = [new()];

    /// <summary>The number of copies of a command.</summary>
    public Func<Message, int> Copies { get; set; } = static _ => 1;

    /// <summary>The number of readers of the log of commands that were opened.</summary>
    public int Readers;

    public IKeyValues Hosts => inner.Hosts;

    public IKeyValues Roster => inner.Roster;

    public IObjects Results => inner.Results;

    public IObjects Requests => inner.Requests;

    public IObjects Files => inner.Files;

    public ISignals Signals => inner.Signals;

    public DateTimeOffset ServerNow => inner.ServerNow;

    public int MaxMessageSize => inner.MaxMessageSize;

    public bool AppendsAtOnce => inner.AppendsAtOnce;

    public bool DeliversLive => true;

    /// <summary>Ends the delivery of copies, as an interruption of the connection does.</summary>
    public void Interrupt() => Interlocked.Exchange(ref listening[0], new()).Cancel();

    public Task PingAsync(CancellationToken cancellationToken) => inner.PingAsync(cancellationToken);

    public Task<AppendResult> AppendAsync(IReadOnlyList<Append> messages, CancellationToken cancellationToken) => inner.AppendAsync(messages, cancellationToken);

    public Task<Message?> LastAsync(StreamName stream, string subject, CancellationToken cancellationToken) => inner.LastAsync(stream, subject, cancellationToken);

    public Task<IReadOnlyList<Message>> ReadAsync(StreamName stream, string subject, long after, int maxCount, CancellationToken cancellationToken) =>
        inner.ReadAsync(stream, subject, after, maxCount, cancellationToken);

    public Task<StreamState> StateAsync(StreamName stream, CancellationToken cancellationToken) => inner.StateAsync(stream, cancellationToken);

    public IAsyncEnumerable<Message> FollowAsync(StreamName stream, string prefix, long after, CancellationToken cancellationToken)
    {
        if (stream == StreamName.Commands)
            Interlocked.Increment(ref Readers);
        return inner.FollowAsync(stream, prefix, after, cancellationToken);
    }

    public async IAsyncEnumerable<Message> ReadToEndAsync(StreamName stream, string prefix, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = (await inner.StateAsync(stream, cancellationToken)).LastSequence;
        if (end <= after)
            yield break;
        // A message for another host marks the end as well.
        await foreach (var message in inner.FollowAsync(stream, "", after, cancellationToken))
        {
            if (message.Sequence <= end && message.Subject.StartsWith(prefix, StringComparison.Ordinal))
                yield return message;
            if (message.Sequence >= end)
                yield break;
        }
    }

    public async Task<IAsyncEnumerable<Message>> ListenAsync(StreamName stream, string prefix, CancellationToken cancellationToken) =>
        ListenAsync(stream, prefix, (await inner.StateAsync(stream, cancellationToken)).LastSequence, cancellationToken);

    public Task<QueueDelivery> DequeueAsync(QueueName queue, CancellationToken cancellationToken) => inner.DequeueAsync(queue, cancellationToken);

    public Task PurgeAsync(StreamName stream, string subject, long? before, CancellationToken cancellationToken) => inner.PurgeAsync(stream, subject, before, cancellationToken);

    public Task RemoveAsync(StreamName stream, IReadOnlyList<long> sequences, CancellationToken cancellationToken) => inner.RemoveAsync(stream, sequences, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async IAsyncEnumerable<Message> ListenAsync(StreamName stream, string prefix, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(listening[0].Token, cancellationToken);
        var copies = Channel.CreateUnbounded<Message>();
        var copying = CopyAsync();
        await foreach (var copy in copies.Reader.ReadAllAsync(CancellationToken.None))
            yield return copy;
        await copying;
        cancellationToken.ThrowIfCancellationRequested();

        async Task CopyAsync()
        {
            try
            {
                await foreach (var message in inner.FollowAsync(stream, prefix, after, ending.Token))
                    for (var copy = Copies(message); copy > 0; copy--)
                        copies.Writer.TryWrite(message with { Sequence = 0, Time = inner.ServerNow });
            }
            catch (OperationCanceledException)
            {
                // The delivery ends.
            }

            copies.Writer.Complete();
        }
    }
}
