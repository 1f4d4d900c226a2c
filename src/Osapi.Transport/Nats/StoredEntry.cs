using System.Globalization;
using NATS.Client.Core;
using NATS.Client.JetStream.Models;

namespace Osapi.Transport.Nats;

/// <summary>A message stored in a stream.</summary>
/// <param name="Sequence">The position in the stream.</param>
/// <param name="Time">The time at which it was stored, by the broker's clock.</param>
/// <param name="Data">The content; empty for a copy made by the broker (<see cref="StoredCopy"/>).</param>
/// <param name="MessageId">The id under which it was published; null for none.</param>
/// <param name="IsRemoval">True for the marker of a removed key.</param>
internal sealed record StoredEntry(long Sequence, DateTimeOffset Time, ReadOnlyMemory<byte> Data, string? MessageId, bool IsRemoval)
{
    /// <summary>Converts the answer of a stream's leader.</summary>
    public static StoredEntry Of(StoredMessage message) => new(
        (long)message.Seq,
        message.Time,
        StoredHeaders.Find(message.Hdrs, StoredCopy.Header) is null ? message.Data : default,
        StoredHeaders.Find(message.Hdrs, StoredHeaders.MessageId),
        KeyTombstone.IsTombstone(StoredHeaders.Find(message.Hdrs, KeyTombstone.Header)));

    /// <summary>Converts the answer to a direct get; null when the stream has no such message.</summary>
    /// <exception cref="NoResponseException">The broker answers with another status.</exception>
    public static StoredEntry? Of(NatsMsg<byte[]> answer)
    {
        if (answer.Headers is { Code: NotFound })
            return null;
        if (answer.Headers is not { Code: 0 } headers
            || !headers.TryGetLastValue("Nats-Sequence", out var sequence) || !long.TryParse(sequence, CultureInfo.InvariantCulture, out var number)
            || !headers.TryGetLastValue("Nats-Time-Stamp", out var stamp) || !DateTimeOffset.TryParse(stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            throw new NoResponseException($"{answer.Headers?.Code} {answer.Headers?.MessageText}");
        // The answer itself has the header once.
        var isCopy = headers.TryGetValue(StoredCopy.Header, out var streams) && streams.Count > 1;
        return new(
            number,
            time,
            isCopy ? default : answer.Data ?? [],
            headers.TryGetLastValue(StoredHeaders.MessageId, out var id) ? id : null,
            KeyTombstone.IsTombstone(headers.TryGetLastValue(KeyTombstone.Header, out var operation) ? operation : null));
    }

    private const int NotFound = 404;
}
