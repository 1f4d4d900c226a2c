using System.Runtime.CompilerServices;
using System.Threading.Channels;
using NATS.Client.Core;

namespace Osapi.Transport.Nats;

/// <summary>Receives copies of a log's messages as clients publish them, by a plain subscription to the log's own subjects.</summary>
/// <remarks>
/// A consumer for each of a thousand agents costs the broker five times as much as the messages. A subscription costs it nothing but the
/// delivery. It also receives what the log refuses, and may miss what was published elsewhere in a cluster.
/// </remarks>
/// <param name="broker">The broker.</param>
/// <param name="clock">The broker's clock.</param>
/// <param name="root">The prefix of the log's subjects.</param>
internal sealed class LiveCopies(NatsBroker broker, ServerClock clock, string root)
{
    private static readonly NatsSubOpts Settings = new()
    {
        ChannelOpts = new() { Capacity = 1024, FullMode = BoundedChannelFullMode.DropNewest },
    };

    /// <inheritdoc cref="ITransport.ListenAsync"/>
    public async Task<IAsyncEnumerable<Message>> ListenAsync(string prefix, CancellationToken cancellationToken)
    {
        Subscription subscription = new(broker, cancellationToken);
        try
        {
            subscription.Copies = await broker.AttemptAsync(root, SubscribeAsync, NatsBroker.RequestTimeout, cancellationToken);
            return ReadAsync(subscription, cancellationToken);
        }
        catch (NoResponseException none)
        {
            await subscription.DisposeAsync();
            throw new TransportException($"There is no subscription to {root}{prefix}: {none.Message}", none.InnerException);
        }
        catch
        {
            await subscription.DisposeAsync();
            throw;
        }

        ValueTask<INatsSub<byte[]>> SubscribeAsync(CancellationToken attempt) =>
            broker.Connection.SubscribeCoreAsync(NatsNames.Filter(root, prefix), serializer: NatsRawSerializer<byte[]>.Default, opts: Settings, cancellationToken: attempt);
    }

    private async IAsyncEnumerable<Message> ReadAsync(Subscription subscription, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using (subscription)
            while (await TryReadAsync(subscription) is { } message)
                yield return new(message.Subject[root.Length..], Sequence: 0, clock.Now, StoredCopy.Content(message.Headers, message.Data));
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static async Task<NatsMsg<byte[]>?> TryReadAsync(Subscription subscription)
    {
        try
        {
            return await subscription.Copies!.Msgs.ReadAsync(subscription.Missed);
        }
        catch (Exception ended) when (ended is OperationCanceledException or ChannelClosedException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>A subscription, and the token that is cancelled when it may have missed a message.</summary>
    private sealed class Subscription : IAsyncDisposable
    {
        private readonly NatsBroker broker;
        private readonly CancellationTokenSource missed;

        // Before the subscription exists, so that nothing is missed unnoticed.
        public Subscription(NatsBroker broker, CancellationToken cancellationToken)
        {
            this.broker = broker;
            missed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, broker.Interruption, broker.Closing);
            Missed = missed.Token;
            broker.Connection.MessageDropped += OnDroppedAsync;
        }

        public CancellationToken Missed { get; }

        public INatsSub<byte[]>? Copies { get; set; }

        public async ValueTask DisposeAsync()
        {
            broker.Connection.MessageDropped -= OnDroppedAsync;
            missed.Dispose();
            try
            {
                await (Copies?.DisposeAsync() ?? ValueTask.CompletedTask);
            }
            catch (Exception failure) when (failure is NatsException or ObjectDisposedException or OperationCanceledException)
            {
                // The broker is told, which may be away.
            }
        }

        private async ValueTask OnDroppedAsync(object? sender, NatsMessageDroppedEventArgs dropped)
        {
            try
            {
                if (Copies is null || ReferenceEquals(dropped.Subscription, Copies))
                    await missed.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // It ended at this moment.
            }
        }
    }
}
