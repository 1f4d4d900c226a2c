namespace Osapi.Operations.Files;

/// <summary>The result of a change of a symbolic link.</summary>
public sealed record LinkResult
{
    /// <summary>The path of the link.</summary>
    public required string Path { get; init; }

    /// <summary>True when the link was created or changed.</summary>
    public bool Changed { get; init; }

    /// <summary>The destination before the change; null when there was no link, or nothing was changed.</summary>
    public string? Previous { get; init; }
}
