namespace Osapi.Operations;

/// <summary>What one host answered.</summary>
/// <typeparam name="T">The operation's result.</typeparam>
public sealed record HostReply<T>
    where T : notnull
{
    /// <summary>The name of the agent on the host.</summary>
    public required string Hostname { get; init; }

    /// <summary>How it ended.</summary>
    public Outcome Outcome { get; init; }

    /// <summary>True when the host is not as it was before.</summary>
    public bool Changed { get; init; }

    /// <summary>What went wrong, or why it was skipped; null when it succeeded.</summary>
    public string? Error { get; init; }

    /// <summary>What kind of error it is; null without one.</summary>
    public ErrorType? ErrorType { get; init; }

    /// <summary>What the operation would change, when the call only asked that; otherwise null.</summary>
    public CheckResult? Check { get; init; }

    /// <summary>The result; null when the host produced none. It may stand beside an error, such as a command's output.</summary>
    public T? Result { get; init; }
}
