namespace Osapi.Operations.Waits;

/// <summary>The end of a wait for a port.</summary>
public sealed record PortWaitResult
{
    /// <summary>The state that was waited for.</summary>
    public required PortState State { get; init; }

    /// <summary>The time that it took, in milliseconds.</summary>
    public required long WaitedMs { get; init; }

    /// <summary>The number of attempts.</summary>
    public required int Attempts { get; init; }

    /// <summary>The address that accepted the connection; null for a port that is closed.</summary>
    public string? Address { get; init; }

    /// <summary>The text that <c>expect</c> matched, of which at most 200 characters; null without <c>expect</c>.</summary>
    public string? Matched { get; init; }
}

/// <summary>The end of a wait for a path.</summary>
public sealed record PathWaitResult
{
    /// <summary>The state that was waited for.</summary>
    public required PathState State { get; init; }

    /// <summary>The time that it took, in milliseconds.</summary>
    public required long WaitedMs { get; init; }

    /// <summary>The number of attempts.</summary>
    public required int Attempts { get; init; }

    /// <summary>The size of what is at the path, in bytes; null when nothing is there.</summary>
    public long? Size { get; init; }
}
