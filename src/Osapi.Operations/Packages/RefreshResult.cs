namespace Osapi.Operations.Packages;

/// <summary>The result of a refresh.</summary>
public sealed record RefreshResult
{
    /// <summary>True when the content of the index changed.</summary>
    public bool Changed { get; init; }

    /// <summary>The age of the index in seconds; null when the host has none.</summary>
    public long? IndexAge { get; init; }

    /// <summary>The addresses of the sources that failed; null when none did.</summary>
    public IReadOnlyList<string>? FailedSources { get; init; }

    /// <summary>The milliseconds spent waiting for other transactions and programs; null when there was no wait.</summary>
    public long? WaitedMs { get; init; }

    /// <summary>The end of the output, at most 20 lines; null when nothing ran.</summary>
    public string? OutputTail { get; init; }
}
