namespace Osapi.Operations;

/// <summary>The result of one host.</summary>
/// <typeparam name="T">The type of the operation's result.</typeparam>
public sealed record HostReply<T>
    where T : notnull
{
    /// <summary>The name of the agent on the host.</summary>
    public required string Hostname { get; init; }

    /// <summary>The outcome of the operation on this host.</summary>
    public Outcome Outcome { get; init; }

    /// <summary>True when the host changed.</summary>
    public bool Changed { get; init; }

    /// <summary>The error, or the reason for skipping the host; null when it succeeded.</summary>
    public string? Error { get; init; }

    /// <summary>The kind of the error; null without one.</summary>
    public ErrorType? ErrorType { get; init; }

    /// <summary>The predicted change when the call was a check; otherwise null.</summary>
    public CheckResult? Check { get; init; }

    /// <summary>The result; null when the host produced none. It can come with an error, for example the output of a failed command.</summary>
    public T? Result { get; init; }
}
