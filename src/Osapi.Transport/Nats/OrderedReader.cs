using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Osapi.Transport.Nats;

/// <summary>Reads a stream in order and without gaps, through elections and interruptions.</summary>
/// <remarks>
/// The library's own ordered consumer does not suffice: from a server that does not support a list of filters it
/// receives the whole stream.
/// </remarks>
internal sealed partial class OrderedReader(NatsBroker broker, string stream, string? filter, ConsumerSettings settings)
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(1);

    private readonly ILogger logger = broker.Options.Logger;
    private readonly ReaderConsumers consumers = new(broker, stream, filter, settings);
    private readonly DeliveryCheck check = new(broker, stream, filter);
    private DateTimeOffset? created;
    private long position;
    private ulong left;
    private bool interruptionLogged;

    /// <summary>
    /// Enumerates the messages after a sequence, then each new one; with <paramref name="toEnd"/>, only the messages
    /// that exist now. Ends when the transport is closed.
    /// </summary>
    /// <exception cref="TransportException">
    /// The stream was recreated or lost its newest messages, so that the position is no longer valid; or it cannot be
    /// read at all.
    /// </exception>
    public async IAsyncEnumerable<INatsJSMsg<byte[]>> ReadAsync(long after, bool toEnd, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        position = after;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, broker.Closing);
        var backoff = RetryBackoff.ForBroker(broker.Time, settings.MaxRetryDelay);
        while (!broker.Closing.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // What was on its way over a connection that ended is lost, and no later message need come that tells.
            var connection = broker.Interruption;
            using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(ending.Token, connection);
            if (await TryOpenAsync(interrupted, toEnd) is { } opened)
            {
                await using var messages = opened;
                for (ulong next = 1; !(toEnd && left == 0) && await TryReadNextAsync(messages, toEnd ? interrupted : null) && messages.Current.Metadata is { } metadata && metadata.Sequence.Consumer == next; next++)
                {
                    if (!await check.IsNextAsync(position, metadata, isFirst: next == 1, interrupted.Token))
                        break;
                    // Messages after a gap are not lost: they are read again from here.
                    position = (long)metadata.Sequence.Stream;
                    left = metadata.NumPending;
                    backoff.Reset();
                    yield return messages.Current;
                }

                await interrupted.CancelAsync();
                if (toEnd && left == 0)
                    yield break;
            }

            if (connection.IsCancellationRequested)
                LogInterruptionOnce("the connection was interrupted.");
            using var waiting = WaitBudget.Enter();
            await broker.DelayAsync(backoff, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Removes the consumer, which the broker otherwise does after a while: for short-lived, frequent readers.</summary>
    public Task DeleteConsumerAsync() => consumers.DeleteAsync();

    private async Task<IAsyncEnumerator<INatsJSMsg<byte[]>>?> TryOpenAsync(CancellationTokenSource interrupted, bool toEnd)
    {
        using var waiting = WaitBudget.Enter();
        var isThere = false;
        try
        {
            var found = await broker.AttemptAsync($"{broker.Api}.STREAM.INFO.{stream}", token => broker.JetStream.GetStreamAsync(stream, cancellationToken: token), waiting.AtMost(NatsBroker.RequestTimeout), interrupted.Token);
            broker.Ends.Take(stream, found.Info, created is null ? 0 : position);
            CheckPosition(found.Info);
            isThere = true;
            var consumer = await consumers.CreateAsync(position, interruptionLogged, waiting.AtMost(NatsBroker.RequestTimeout), interrupted.Token);
            if (!await check.IsCompleteAsync(position, (long)found.Info.State.LastSeq, consumer.Info, interrupted.Token))
                return null;
            left = consumer.Info.NumPending;
            if (interruptionLogged)
                LogResumed(stream, position);
            interruptionLogged = false;
            return consumer.ConsumeAsync(NatsRawSerializer<byte[]>.Default, Settings(interrupted), interrupted.Token).GetAsyncEnumerator(interrupted.Token);
        }
        catch (NoResponseException none)
        {
            // A reader of all up to the end waits only for a while; one that follows waits as long as it takes.
            if (toEnd && waiting.IsOver)
                throw new TransportException($"The broker did not answer for {stream}: {none.Message}", none);
            LogInterruptionOnce(none.Message);
            LogNotBegun(stream, isThere ? "its reader" : "its state", none.Message);
            return null;
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>
    /// Checks the position: a consumer that starts beyond the end of a stream waits there silently, even when the
    /// stream was recreated.
    /// </summary>
    private void CheckPosition(StreamInfo found)
    {
        if (created is not null && (found.Created != created || (long)found.State.LastSeq < position))
            throw new TransportException($"The stream {stream} was recreated or lost its newest messages: it was read up to {position}, but now ends at {found.State.LastSeq}.");
        created = found.Created;
    }

    private NatsJSConsumeOpts Settings(CancellationTokenSource interrupted) => new()
    {
        MaxMsgs = settings.MaxMessages,
        Expires = settings.Expires,
        IdleHeartbeat = settings.Heartbeat,
        NotificationHandler = (notification, _) =>
        {
            LogInterruptionOnce(notification.Name);
            return interrupted.CancelAsync();
        },
    };

    // Pending messages may have been replaced or removed meanwhile, while their count stays; a new consumer counts again.
    private async Task<bool> TryReadNextAsync(IAsyncEnumerator<INatsJSMsg<byte[]>> messages, CancellationTokenSource? idleTimeout)
    {
        try
        {
            idleTimeout?.CancelAfter(IdleTimeout);
            return await messages.MoveNextAsync();
        }
        catch (Exception failure) when (failure is OperationCanceledException or NatsException or ObjectDisposedException)
        {
            if (failure is NatsException)
                LogInterruptionOnce(failure.Message);
            return false;
        }
    }

    private void LogInterruptionOnce(string reason)
    {
        if (!interruptionLogged && !broker.Closing.IsCancellationRequested)
            LogInterrupted(stream, position, reason);
        interruptionLogged = true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reading {Stream} was interrupted after {Position}, trying again: {Reason}")]
    private partial void LogInterrupted(string stream, long position, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Reading {Stream} did not begin again, asked for {What}: {Reason}")]
    private partial void LogNotBegun(string stream, string what, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Reading {Stream} resumed after {Position}")]
    private partial void LogResumed(string stream, long position);
}
