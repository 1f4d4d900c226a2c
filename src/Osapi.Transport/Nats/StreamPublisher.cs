using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Osapi.Transport.Nats;

/// <summary>Publishes one message and determines for certain whether it was stored.</summary>
/// <remarks>
/// A publish whose answer is lost is repeated. The message's id keeps it from being stored twice, and distinguishes it
/// from a competing message when its condition no longer holds.
/// </remarks>
internal sealed class StreamPublisher(NatsBroker broker, StreamStore streams)
{
    /// <summary>Publishes a message.</summary>
    /// <param name="stream">The stream that the subject belongs to.</param>
    /// <param name="subject">The whole subject.</param>
    /// <param name="payload">The content.</param>
    /// <param name="expectedLast">The sequence that the subject's newest message must have; null for no condition.</param>
    /// <param name="messageId">The id that makes a caller's retry harmless; null for none.</param>
    /// <param name="headers">Additional headers; null for none.</param>
    /// <param name="cancellationToken">Abandons the call; the message may still be stored.</param>
    /// <returns>The sequence; null when the condition did not hold.</returns>
    public Task<long?> PublishAsync(
        string stream, string subject, ReadOnlyMemory<byte> payload, long? expectedLast, string? messageId, NatsHeaders? headers, CancellationToken cancellationToken)
    {
        var id = messageId ?? Guid.NewGuid().ToString("N");
        var repeated = messageId is not null;
        NatsJSPubOpts options = new() { MsgId = id, ExpectedLastSubjectSequence = (ulong?)expectedLast, RetryAttempts = 1 };
        return broker.CallAsync(subject, AttemptAsync, stream, callTimeout: null, cancellationToken);

        async ValueTask<long?> AttemptAsync(CancellationToken token)
        {
            var wasRetried = repeated;
            repeated = true;
            // The library adds its own headers to the given instance.
            var ack = await broker.JetStream.PublishAsync(subject, payload, NatsRawSerializer<ReadOnlyMemory<byte>>.Default, options, headers is null ? null : Copy(headers), token);
            if (ack.Error is null)
                return (long)ack.Seq;
            if (ack.Error.ErrCode != NatsErrors.WrongLastSequence)
                throw new NatsJSApiException(ack.Error);
            return wasRetried ? await FindAsync(stream, subject, expectedLast ?? 0, id, token) : null;
        }
    }

    /// <summary>
    /// Finds the successor of the expected message, whose condition held, and returns its sequence if it is this
    /// message.
    /// </summary>
    private async Task<long?> FindAsync(string stream, string subject, long expectedLast, string id, CancellationToken cancellationToken)
    {
        var follower = streams.MayLag(stream)
            ? await streams.LastAsync(stream, subject, cancellationToken)
            : await streams.NextAsync(stream, subject, expectedLast + 1, cancellationToken);
        if (streams.MayLag(stream) && (follower?.Sequence ?? 0) <= expectedLast)
            throw new NoResponseException("a replica lags.");
        return follower?.MessageId == id ? follower.Sequence : null;
    }

    private static NatsHeaders Copy(NatsHeaders headers)
    {
        NatsHeaders copy = [];
        foreach (var header in headers)
            copy.Add(header);
        return copy;
    }
}
