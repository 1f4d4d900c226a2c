namespace Osapi.Transport.Jobs;

/// <summary>The mark that a roster is complete: a controller wrote every word that it knew before it wrote this.</summary>
public sealed record RosterIndex
{
    /// <summary>The random id of this roster. One that was lost and written again has another.</summary>
    public required string Id { get; init; }
}
