namespace Osapi.Transport;

/// <summary>
/// Messages that are delivered to current listeners at most once and never stored: heartbeats, pings, live output.
/// </summary>
public interface ISignals
{
    /// <summary>Sends a signal. It completes without knowing whether anybody listens.</summary>
    /// <exception cref="TransportException">The signal cannot be sent now; it is not retried.</exception>
    Task SendAsync(string subject, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);

    /// <summary>
    /// Enumerates the signals whose subject begins with the prefix, until cancelled. A reader that falls far behind
    /// loses the oldest. A prefix ends with a dot or is empty; any other text is exactly one subject.
    /// </summary>
    IAsyncEnumerable<Signal> ListenAsync(string prefix, CancellationToken cancellationToken);
}

/// <summary>A signal.</summary>
/// <param name="Subject">The subject.</param>
/// <param name="Payload">The content.</param>
public sealed record Signal(string Subject, ReadOnlyMemory<byte> Payload);
