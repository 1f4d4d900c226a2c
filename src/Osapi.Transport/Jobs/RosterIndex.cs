namespace Osapi.Transport.Jobs;

/// <summary>The marker of a complete roster: a controller writes it after all entries that it knows.</summary>
public sealed record RosterIndex
{
    /// <summary>The random id of this roster. A roster that was lost and written again has another one.</summary>
    public required string Id { get; init; }

    /// <summary>The fingerprint of the controllers' key; null when a version before 0.2 wrote it.</summary>
    public string? Controllers { get; init; }
}
