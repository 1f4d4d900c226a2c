namespace Osapi.Transport.Nats;

/// <summary>The broker did not answer; asking again may help.</summary>
internal class NoResponseException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when the connection stood all the time, and no answer came.</summary>
    public bool WasSilent { get; init; }
}

/// <summary>The broker says that a stream is not there which was there once; it may come back.</summary>
internal sealed class MissingStreamException(string message) : NoResponseException(message);
