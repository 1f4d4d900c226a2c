namespace Osapi.Transport.Nats;

/// <summary>The broker did not answer; asking again may help.</summary>
internal sealed class NoAnswerException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when the connection stood all the time, and no answer came.</summary>
    public bool WasSilent { get; init; }
}
