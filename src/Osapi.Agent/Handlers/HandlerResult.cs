using Osapi.Operations;

namespace Osapi.Agent.Handlers;

/// <summary>The answer of a handler: a result, and an outcome where that is not simply ok.</summary>
/// <typeparam name="T">The operation's result.</typeparam>
internal readonly record struct HandlerResult<T>
    where T : class
{
    private HandlerResult(Outcome outcome, T? result, string? error, ErrorType? errorType) =>
        (Outcome, Result, Error, ErrorType) = (outcome, result, error, errorType);

    public Outcome Outcome { get; }

    public T? Result { get; }

    public string? Error { get; }

    public ErrorType? ErrorType { get; }

    /// <summary>Creates the answer of an operation that failed but has a result, such as a command's output.</summary>
    public static HandlerResult<T> Failed(T result, string error, ErrorType type = Osapi.Operations.ErrorType.Failed) => new(Outcome.Failed, result, error, type);

    /// <summary>
    /// Creates the answer of an operation that was started and whose outcome is unknown, with the result so far.
    /// </summary>
    public static HandlerResult<T> Lost(T result, string error) => new(Outcome.Unknown, result, error, Osapi.Operations.ErrorType.Unknown);

    /// <summary>Creates the answer of an operation that was stopped. The caller distinguishes a cancel from a timeout.</summary>
    /// <param name="how">The way it was stopped, such as <c>killed</c>.</param>
    /// <param name="result">The result so far, if any.</param>
    public static HandlerResult<T> Stopped(string how, T? result = null) => new(Outcome.Cancelled, result, how, Osapi.Operations.ErrorType.Cancelled);

    /// <summary>Creates the answer of an operation that did not run, with the reason.</summary>
    public static HandlerResult<T> Skipped(string reason) => new(Outcome.Skipped, null, reason, null);

    public static implicit operator HandlerResult<T>(T result) => new(Outcome.Ok, result, null, null);
}
