using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Osapi.Transport.Nats;

/// <summary>
/// Stores one message and knows for certain what became of it. A publish whose answer is lost is repeated; its id keeps
/// it from being stored twice, and tells it from a contender's message when its condition no longer holds.
/// </summary>
internal sealed class StreamPublisher(NatsBroker broker, StreamStore streams)
{
    /// <summary>Publishes.</summary>
    /// <param name="stream">The stream that the subject belongs to.</param>
    /// <param name="subject">The whole subject.</param>
    /// <param name="payload">The content.</param>
    /// <param name="expectedLast">The sequence that the subject's newest message must have; null for no condition.</param>
    /// <param name="messageId">Makes a repetition by the caller harmless; null for none.</param>
    /// <param name="headers">More headers; null for none.</param>
    /// <param name="cancellationToken">Gives up; the message may be stored all the same.</param>
    /// <returns>Its sequence; null when the condition did not hold.</returns>
    public Task<long?> PublishAsync(
        string stream, string subject, ReadOnlyMemory<byte> payload, long? expectedLast, string? messageId, NatsHeaders? headers, CancellationToken cancellationToken)
    {
        var id = messageId ?? Guid.NewGuid().ToString("N");
        var repeated = messageId is not null;
        NatsJSPubOpts options = new() { MsgId = id, ExpectedLastSubjectSequence = (ulong?)expectedLast, RetryAttempts = 1 };
        return broker.CallAsync(subject, AttemptAsync, stream, patience: null, cancellationToken);

        async ValueTask<long?> AttemptAsync(CancellationToken token)
        {
            var ambiguous = repeated;
            repeated = true;
            // The library adds its own headers to the ones it is given.
            var ack = await broker.JetStream.PublishAsync(subject, payload, NatsRawSerializer<ReadOnlyMemory<byte>>.Default, options, headers is null ? null : Copy(headers), token);
            if (ack.Error is null)
                return (long)ack.Seq;
            if (ack.Error.ErrCode != NatsErrors.WrongLastSequence)
                throw new NatsJSApiException(ack.Error);
            return ambiguous ? await FindAsync(stream, subject, expectedLast ?? 0, id, token) : null;
        }
    }

    /// <summary>Whoever followed the expected message is the one whose condition held. Is it this message?</summary>
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
