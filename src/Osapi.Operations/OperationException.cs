namespace Osapi.Operations;

/// <summary>Thrown by whoever executes an operation when it cannot be done for a reason the caller can act on.</summary>
/// <param name="type">What kind of error it is; it decides the status of the answer.</param>
/// <param name="message">What went wrong, for the caller.</param>
public sealed class OperationException(ErrorType type, string message) : Exception(message)
{
    /// <summary>What kind of error it is.</summary>
    public ErrorType Type => type;
}
