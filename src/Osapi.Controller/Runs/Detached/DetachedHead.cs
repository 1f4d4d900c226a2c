namespace Osapi.Controller.Runs.Detached;

/// <summary>The facts of a run that controllers run.</summary>
internal sealed record DetachedHead
{
    /// <summary>The token with which it was handed over.</summary>
    public required RunGrant Grant { get; init; }

    /// <summary>The key of the sealed inputs, which each hand-over renews.</summary>
    public required string Key { get; init; }

    /// <summary>True while no controller has it; null otherwise.</summary>
    public bool? Waiting { get; init; }

    /// <summary>The id of the controller that has it, or had it last; null when none has.</summary>
    public string? Node { get; init; }

    /// <summary>The name of that controller.</summary>
    public string? Controller { get; init; }

    /// <summary>The number of takeovers by controllers.</summary>
    public int Takeovers { get; init; }

    /// <summary>The position of the last message before it was handed over again, up to which cells are tried again; null when none are.</summary>
    public long? RetryUpTo { get; init; }
}
