using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace Osapi.Transport.Nats;

/// <summary>
/// Takes messages from the queue, one request per call, so that the longest waiting caller is served first and no caller
/// prefetches messages.
/// </summary>
/// <remarks>
/// The request is made without the client's consumer: when its caller gives up, a message already in flight is returned.
/// </remarks>
internal sealed partial class NatsWorkQueue(QueueName name, NatsBroker broker, ServerClock clock) : IDisposable
{
    private static readonly TimeSpan Expires = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(2);

    // The status codes of the broker's answers.
    private const int IsAlive = 100;
    private const int NoMessages = 404;
    private const int RequestExpired = 408;

    private static readonly byte[] Done = "+ACK"u8.ToArray();
    private static readonly byte[] NegativeAcknowledgement = "-NAK"u8.ToArray();
    private static readonly byte[] Request = Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $$"""{"batch":1,"expires":{{Expires.Ticks * 100}},"idle_heartbeat":{{Heartbeat.Ticks * 100}}}"""));

    private readonly ILogger logger = broker.Options.Logger;
    private readonly string stream = broker.Names.StreamOf(StreamName.WorkQueue);
    private readonly int prefix = broker.Names.SubjectsOf(StreamName.WorkQueue).Length;
    private readonly SemaphoreSlim turn = new(1);

    private string Next => field ??= $"{broker.Api}.CONSUMER.MSG.NEXT.{stream}.{NatsNames.ConsumerOf(name)}";

    /// <summary>Waits for a message, also through interruptions.</summary>
    public async Task<QueueDelivery> DequeueAsync(CancellationToken cancellationToken)
    {
        var backoff = RetryBackoff.ForBroker(broker.Time, MaxRetryDelay);
        while (true)
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                ObjectDisposedException.ThrowIf(broker.Closing.IsCancellationRequested, typeof(NatsTransport));
                if (await TakeAsync(cancellationToken) is { } delivery)
                    return delivery;
                backoff.Reset();
            }
            catch (NoResponseException none)
            {
                LogInterrupted(none.Message);
                await broker.DelayAsync(backoff, cancellationToken);
            }
    }

    public void Dispose() => turn.Dispose();

    /// <summary>Makes one request and waits for its result. Null when it expired, or its caller gave up.</summary>
    private async Task<QueueDelivery?> TakeAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, broker.Closing, broker.Interruption);
        if (!broker.IsConnected)
            throw new NoResponseException("the connection is interrupted.");
        INatsSub<byte[]>? answers = null;
        var served = false;
        try
        {
            answers = await RequestAsync(ending.Token);
            while (true)
            {
                var answer = await ReadAsync(answers, ending.Token);
                switch (answer.Headers?.Code ?? 0)
                {
                    case 0:
                        served = true;
                        return Delivery(answer);
                    case IsAlive:
                        continue;
                    case NoMessages or RequestExpired:
                        return null;
                    default:
                        throw new NoResponseException($"{answer.Headers!.Code} {answer.Headers.MessageText}");
                }
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ChannelClosedException or NatsException or ObjectDisposedException)
        {
            if (cancellationToken.IsCancellationRequested || broker.Closing.IsCancellationRequested)
                return null;
            throw new NoResponseException(ended is NatsException ? ended.Message : "the connection was interrupted.", ended);
        }
        finally
        {
            if (answers is not null)
                await CancelRequestAsync(answers, served);
        }
    }

    private async Task<INatsSub<byte[]>> RequestAsync(CancellationToken ending)
    {
        // Requests are sent in the order of the calls.
        await turn.WaitAsync(ending);
        try
        {
            // The library ends a subscription with its token, but notifies the broker later. The unsubscribe must be sent
            // before the caller continues, so the token covers the subscribing only.
            var inbox = broker.JetStream.NewBaseInbox();
            CancellationTokenSource subscribing = new();
            INatsSub<byte[]> answers;
            await using (ending.UnsafeRegister(_ => subscribing.Cancel(), null))
                answers = await broker.Connection.SubscribeCoreAsync(inbox, serializer: NatsRawSerializer<byte[]>.Default, cancellationToken: subscribing.Token);
            try
            {
                await broker.Connection.PublishAsync(Next, Request, replyTo: inbox, serializer: NatsRawSerializer<byte[]>.Default, cancellationToken: ending);
                return answers;
            }
            catch
            {
                // It may have been sent all the same.
                await CancelRequestAsync(answers, served: false);
                throw;
            }
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<NatsMsg<byte[]>> ReadAsync(INatsSub<byte[]> answers, CancellationToken ending)
    {
        using CancellationTokenSource heartbeatTimeout = new(2 * Heartbeat, broker.Time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(ending, heartbeatTimeout.Token);
        try
        {
            return await answers.Msgs.ReadAsync(any.Token);
        }
        catch (OperationCanceledException) when (heartbeatTimeout.IsCancellationRequested)
        {
            throw new NoResponseException("no response was received.");
        }
    }

    /// <summary>
    /// Unsubscribes, so that the broker drops the request, and returns a message that it had sent before for immediate
    /// redelivery. Without the wait for the broker's confirmation the message would be delivered again only after
    /// <see cref="QueueDelivery.AcknowledgeTimeout"/>, too late for many jobs.
    /// </summary>
    private async Task CancelRequestAsync(INatsSub<byte[]> answers, bool served)
    {
        // A connection that is lost or being closed has nothing in flight.
        if (served || !broker.IsConnected || broker.Closing.IsCancellationRequested)
        {
            await answers.UnsubscribeAsync();
            return;
        }

        using CancellationTokenSource timeout = new(DrainTimeout, broker.Time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, broker.Interruption, broker.Closing);
        try
        {
            await answers.DrainAsync(ending.Token);
            while (broker.IsConnected && answers.Msgs.TryRead(out var pending))
                if (pending is { ReplyTo: { } reply, Headers: null or { Code: 0 } })
                    await broker.Connection.PublishAsync(reply, NegativeAcknowledgement, serializer: NatsRawSerializer<byte[]>.Default, cancellationToken: ending.Token);
        }
        catch (Exception ended) when (ended is OperationCanceledException or NatsException or ObjectDisposedException)
        {
            // The connection ended meanwhile: the message is delivered again after its timeout.
        }
    }

    private QueueDelivery Delivery(NatsMsg<byte[]> message)
    {
        var reply = message.ReplyTo ?? throw new TransportException($"A message of {stream} cannot be acknowledged.");
        // $JS.ACK.<stream>.<consumer>.<deliveries>.<sequence>.<consumer's sequence>.<nanoseconds>.<left>; newer servers
        // have a domain and an account in front of the stream.
        var parts = reply.Split('.');
        var first = parts.Length == 9 ? 2 : 4;
        var sequence = long.Parse(parts[first + 3], CultureInfo.InvariantCulture);
        var time = DateTimeOffset.UnixEpoch.AddTicks(long.Parse(parts[first + 5], CultureInfo.InvariantCulture) / TimeSpan.NanosecondsPerTick);
        clock.Observe(time);
        return new(new(message.Subject[prefix..], sequence, time, StoredCopy.Content(message.Headers, message.Data)), token => AcknowledgeAsync(reply, token));
    }

    private Task AcknowledgeAsync(string reply, CancellationToken cancellationToken) => broker.CallAsync(
        reply,
        token => broker.Connection.RequestAsync(reply, Done, requestSerializer: NatsRawSerializer<byte[]>.Default, replySerializer: NatsRawSerializer<byte[]>.Default, cancellationToken: token),
        cancellationToken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for the queue was interrupted, trying again: {Reason}")]
    private partial void LogInterrupted(string reason);
}
