namespace Osapi.Operations.Packages;

/// <summary>The result of a change of a repository.</summary>
public sealed record RepositoryResult
{
    /// <summary>The name of the repository.</summary>
    public required string Name { get; init; }

    /// <summary>The path of its file on the host.</summary>
    public required string Path { get; init; }

    /// <summary>True when its file or its key changed.</summary>
    public bool Changed { get; init; }

    /// <summary>True when the index of this source was refreshed.</summary>
    public bool Refreshed { get; init; }
}
