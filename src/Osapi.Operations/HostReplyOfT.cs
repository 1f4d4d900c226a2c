namespace Osapi.Operations;

/// <summary>The reply of one host.</summary>
/// <typeparam name="T">The operation's result.</typeparam>
public sealed record HostReply<T>
    where T : notnull
{
    /// <summary>The name of the agent on the host.</summary>
    public required string Hostname { get; init; }

    /// <summary>The outcome of the operation.</summary>
    public Outcome Outcome { get; init; }

    /// <summary>True when the host changed.</summary>
    public bool Changed { get; init; }

    /// <summary>The error, or the reason why the operation was skipped; null when it succeeded.</summary>
    public string? Error { get; init; }

    /// <summary>The kind of the error; null without one.</summary>
    public ErrorType? ErrorType { get; init; }

    /// <summary>The changes that the operation would make; null when the call was not a check.</summary>
    public CheckResult? Check { get; init; }

    /// <summary>
    /// False when the host did not start the operation in time, or did not report its end, and its agent did not answer the controller;
    /// null when that is not known, or the host answered.
    /// </summary>
    public bool? Reachable { get; init; }

    /// <summary>The result; null when the host produced none. It can come with an error, for example the output of a failed command.</summary>
    public T? Result { get; init; }

    /// <summary>True when the operation succeeded or was skipped.</summary>
    public bool Succeeded => Outcome is Outcome.Ok or Outcome.Skipped;
}
