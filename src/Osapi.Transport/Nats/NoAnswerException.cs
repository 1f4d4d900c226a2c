namespace Osapi.Transport.Nats;

/// <summary>The broker did not answer; asking again may help.</summary>
internal class NoAnswerException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The broker says that a stream is not there which was there once; it may come back.</summary>
internal sealed class MissingStreamException(string message) : NoAnswerException(message);
