namespace Osapi.Orchestrator;

/// <summary>An attempt of a task that failed and is followed by another.</summary>
/// <param name="Number">The number of the attempt, from 1.</param>
/// <param name="Error">The error.</param>
public sealed record FailedAttempt(int Number, Exception Error)
{
    /// <summary>The delay before the next attempt.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The hosts that are tried again; empty for a task that does not run on hosts, and while its host is not known.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];
}
