using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Osapi.Transport.Nats;

/// <summary>
/// Reads a stream in order and without gaps, through elections and interruptions. The library's own ordered consumer
/// does not: from a server that knows no list of filters it gets the whole stream.
/// </summary>
internal sealed partial class OrderedReader(NatsBroker broker, string stream, string? filter, ConsumerSettings pace)
{
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan InactiveThreshold = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private readonly ILogger logger = broker.Options.Logger;
    private DateTimeOffset? created;
    private long position;
    private ulong left;
    private bool interruptionTold;
    private string? consumerName;

    /// <summary>Every message after a sequence, then each new one; or none that is appended later. Ends when the transport is closed.</summary>
    /// <exception cref="TransportException">The stream was made anew or lost its newest messages, so that the position means nothing any more; or it cannot be read at all.</exception>
    public async IAsyncEnumerable<INatsJSMsg<byte[]>> ReadAsync(long after, bool toEnd, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        position = after;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, broker.Closing);
        var pauses = RetryBackoff.ForBroker(broker.Time, MaxRetryDelay);
        while (!broker.Closing.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
            if (await TryOpenAsync(interrupted) is { } opened)
            {
                await using var messages = opened;
                for (ulong next = 1; !(toEnd && left == 0) && await TryReadNextAsync(messages, toEnd ? interrupted : null) && messages.Current.Metadata is { } metadata && metadata.Sequence.Consumer == next; next++)
                {
                    // What is behind a gap is not lost: it is read again from here.
                    position = (long)metadata.Sequence.Stream;
                    left = metadata.NumPending;
                    pauses.Reset();
                    yield return messages.Current;
                }

                await interrupted.CancelAsync();
                if (toEnd && left == 0)
                    yield break;
            }

            await broker.PauseAsync(pauses, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Removes the consumer, which the broker otherwise does after a while: for readers that come often and stay short.</summary>
    public async Task DeleteConsumerAsync()
    {
        try
        {
            if (consumerName is { } name)
                await broker.AttemptAsync($"{broker.Api}.CONSUMER.DELETE.{stream}.{name}", token => broker.JetStream.DeleteConsumerAsync(stream, name, token), CloseTimeout, CancellationToken.None);
        }
        catch (Exception failure) when (failure is NoResponseException or TransportException or ObjectDisposedException)
        {
            LogConsumerNotDeleted(failure, name: consumerName!, stream);
        }
    }

    private async Task<IAsyncEnumerator<INatsJSMsg<byte[]>>?> TryOpenAsync(CancellationTokenSource interrupted)
    {
        try
        {
            var found = await broker.AttemptAsync($"{broker.Api}.STREAM.INFO.{stream}", token => broker.JetStream.GetStreamAsync(stream, cancellationToken: token), NatsBroker.RequestTimeout, interrupted.Token);
            CheckPosition(found.Info);
            ConsumerConfig config = new()
            {
                Name = $"r-{Guid.NewGuid():N}",
                FilterSubject = filter,
                DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartSequence,
                OptStartSeq = (ulong)position + 1,
                AckPolicy = ConsumerConfigAckPolicy.None,
                MemStorage = true,
                NumReplicas = 1,
                InactiveThreshold = InactiveThreshold,
            };
            var subject = $"{broker.Api}.CONSUMER.CREATE.{stream}.{config.Name}{(filter is null ? "" : $".{filter}")}";
            var consumer = await broker.AttemptAsync(subject, token => broker.JetStream.CreateConsumerAsync(stream, config, token), NatsBroker.RequestTimeout, interrupted.Token);
            // A server that ignored the filter would send everybody everything.
            if (consumer.Info.Config.FilterSubject != filter)
                throw new TransportException($"The broker reads {stream} with the filter '{consumer.Info.Config.FilterSubject}' instead of '{filter}'.");
            consumerName = config.Name;
            left = consumer.Info.NumPending;
            if (interruptionTold)
                LogResumed(stream, position);
            interruptionTold = false;
            return consumer.ConsumeAsync(NatsRawSerializer<byte[]>.Default, Settings(interrupted), interrupted.Token).GetAsyncEnumerator(interrupted.Token);
        }
        catch (NoResponseException none)
        {
            LogInterruptionOnce(none.Message);
            return null;
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>A consumer that starts beyond the end of a stream waits there without a word, also when the stream is another one by now.</summary>
    private void CheckPosition(StreamInfo found)
    {
        if (created is not null && (found.Created != created || (long)found.State.LastSeq < position))
            throw new TransportException($"The stream {stream} was made anew or lost its newest messages: it was read up to {position}, now it ends at {found.State.LastSeq}.");
        created = found.Created;
    }

    private NatsJSConsumeOpts Settings(CancellationTokenSource interrupted) => new()
    {
        MaxMsgs = pace.Most,
        Expires = pace.Expires,
        IdleHeartbeat = pace.Heartbeat,
        NotificationHandler = (what, _) =>
        {
            LogInterruptionOnce(what.Name);
            return interrupted.CancelAsync();
        },
    };

    // What was still to come may have been replaced or removed meanwhile, and the count of it stays; a new consumer counts anew.
    private async Task<bool> TryReadNextAsync(IAsyncEnumerator<INatsJSMsg<byte[]>> messages, CancellationTokenSource? whenSilent)
    {
        try
        {
            whenSilent?.CancelAfter(CloseTimeout);
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
        if (!interruptionTold && !broker.Closing.IsCancellationRequested)
            LogInterrupted(stream, position, reason);
        interruptionTold = true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reading {Stream} was interrupted after {Position}, trying again: {Reason}")]
    private partial void LogInterrupted(string stream, long position, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Reading {Stream} goes on after {Position}")]
    private partial void LogResumed(string stream, long position);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The consumer {Name} of {Stream} is left to the broker")]
    private partial void LogConsumerNotDeleted(Exception failure, string name, string stream);
}
