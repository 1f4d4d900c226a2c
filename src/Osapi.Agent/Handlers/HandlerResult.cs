using Osapi.Operations;

namespace Osapi.Agent.Handlers;

/// <summary>What a handler answers: a result, and for the rare cases how it ended when that is not simply well.</summary>
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

    /// <summary>It ran and failed, and still has something to show, such as a command's output.</summary>
    public static HandlerResult<T> Failed(T result, string error, ErrorType type = Osapi.Operations.ErrorType.Failed) => new(Outcome.Failed, result, error, type);

    /// <summary>It was begun, and how it ended cannot be known any more. What there was until then goes with it.</summary>
    public static HandlerResult<T> Lost(T result, string error) => new(Outcome.Unknown, result, error, Osapi.Operations.ErrorType.Unknown);

    /// <summary>It was told to stop and did. Whether that was a cancel or the end of its time is not its business.</summary>
    /// <param name="how">How it was stopped, such as <c>killed</c>.</param>
    /// <param name="result">What there was until then, if anything.</param>
    public static HandlerResult<T> Stopped(string how, T? result = null) => new(Outcome.Cancelled, result, how, Osapi.Operations.ErrorType.Cancelled);

    /// <summary>It did not run, for the reason given.</summary>
    public static HandlerResult<T> Skipped(string reason) => new(Outcome.Skipped, null, reason, null);

    public static implicit operator HandlerResult<T>(T result) => new(Outcome.Ok, result, null, null);
}
