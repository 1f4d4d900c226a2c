using Microsoft.Extensions.Logging;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Osapi.Transport.Nats;

/// <summary>The check that a consumer of the broker leaves out nothing: the leader of its stream is asked what comes next.</summary>
/// <remarks>
/// Messages are removed, so missing sequences are normal. But a consumer that was created while a server took the lead
/// was seen to leave out the first message, without a gap in its own count. Agents may not ask.
/// </remarks>
internal sealed partial class DeliveryCheck(NatsBroker broker, string stream, string? filter)
{
    private const int Few = 100;

    private readonly ILogger logger = broker.Options.Logger;
    private readonly StreamStore streams = new(broker);

    /// <summary>True when a new consumer begins with the first message after a position, or there is none yet.</summary>
    /// <param name="position">The position after which it was asked to begin.</param>
    /// <param name="last">The sequence at which the stream ended before the consumer was created.</param>
    /// <param name="consumer">The new consumer.</param>
    /// <param name="cancellationToken">Gives up; then it is false.</param>
    public async Task<bool> IsCompleteAsync(long position, long last, ConsumerInfo consumer, CancellationToken cancellationToken)
    {
        // One that has messages shows with the first of them where it began.
        if (filter is not null || broker.ReadsOwnSubjectsOnly || consumer.NumPending > 0 || position >= last)
            return true;
        return await IsNextAsync(position, last + 1, mayBeGone: true, cancellationToken);
    }

    /// <summary>True when nothing stands between a position and the message that was delivered next.</summary>
    /// <param name="position">The sequence of the message before.</param>
    /// <param name="delivered">The message.</param>
    /// <param name="isFirst">True for the first message of a consumer.</param>
    /// <param name="cancellationToken">Gives up; then it is false.</param>
    public async ValueTask<bool> IsNextAsync(long position, NatsJSMsgMetadata delivered, bool isFirst, CancellationToken cancellationToken)
    {
        var sequence = (long)delivered.Sequence.Stream;
        var isSuspect = sequence > position + 1 && (filter is null ? isFirst || delivered.NumPending < Few : isFirst && position > 0);
        return !isSuspect || broker.ReadsOwnSubjectsOnly || await IsNextAsync(position, sequence, mayBeGone: false, cancellationToken);
    }

    // A new leader that has not applied all that it has knows no message where one was delivered: its answer shows nothing.
    private async Task<bool> IsNextAsync(long position, long sequence, bool mayBeGone, CancellationToken cancellationToken)
    {
        try
        {
            if (await streams.NextAsync(stream, filter ?? ">", position + 1, cancellationToken) is not { } first)
                return mayBeGone;
            if (first.Sequence >= sequence)
                return true;
            LogLeftOut(stream, first.Sequence, sequence);
            return false;
        }
        catch (Exception failure) when (failure is TransportException or OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker's reader of {Stream} left out {Sequence} and went on at {Next}; it is read again from there")]
    private partial void LogLeftOut(string stream, long sequence, long next);
}
