namespace Osapi.Transport.Nats;

/// <summary>The exception for a call that the broker did not answer; a retry may help.</summary>
internal class NoResponseException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when the connection was up all the time, and no answer came.</summary>
    public bool WasSilent { get; init; }
}

/// <summary>The exception for a stream that existed before and is missing now; it may come back.</summary>
internal sealed class MissingStreamException(string message) : NoResponseException(message);
