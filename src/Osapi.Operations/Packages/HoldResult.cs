namespace Osapi.Operations.Packages;

/// <summary>The result of an update of holds.</summary>
public sealed record HoldResult
{
    /// <summary>True when a package was put on hold or taken off hold.</summary>
    public bool Changed { get; init; }

    /// <summary>The packages that changed; null when none did.</summary>
    public IReadOnlyList<string>? Names { get; init; }
}
