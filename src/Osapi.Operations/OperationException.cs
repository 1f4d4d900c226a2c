namespace Osapi.Operations;

/// <summary>The exception for an operation that fails for a reason that the caller can act on.</summary>
/// <param name="type">The kind of the error; it determines the HTTP status of the response.</param>
/// <param name="message">The message for the caller.</param>
public sealed class OperationException(ErrorType type, string message) : Exception(message)
{
    /// <summary>The kind of the error.</summary>
    public ErrorType Type => type;
}
