namespace Osapi.Transport;

/// <summary>Messages that reach whoever listens at this moment, at most once, and are never stored: heartbeats, calls for them, live output.</summary>
public interface ISignals
{
    /// <summary>Sends a signal. It completes without knowing whether anybody listens.</summary>
    /// <exception cref="TransportException">It cannot be sent now; it is not kept until it can.</exception>
    Task SendAsync(string subject, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);

    /// <summary>
    /// Every signal whose subject begins with the prefix, from the moment the enumeration starts until cancelled. A reader that falls far behind loses the oldest.
    /// A prefix ends with a dot or is empty; any other is one subject, and nothing below it.
    /// </summary>
    IAsyncEnumerable<Signal> ListenAsync(string prefix, CancellationToken cancellationToken);
}

/// <summary>A signal.</summary>
/// <param name="Subject">What it is about.</param>
/// <param name="Payload">Its content.</param>
public sealed record Signal(string Subject, ReadOnlyMemory<byte> Payload);
