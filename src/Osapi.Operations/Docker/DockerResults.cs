namespace Osapi.Operations.Docker;

/// <summary>A created container.</summary>
public sealed record CreatedContainer
{
    /// <summary>The id of the container, 64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The name of the container.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>The image as named in the request.</summary>
    public string Image { get => field ?? ""; init; }

    /// <summary>The state, such as <c>running</c>, <c>created</c>, or <c>exited</c> when the program has already ended.</summary>
    public string State { get => field ?? "unknown"; init; }

    /// <summary>The creation time; null when it could not be read.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The warnings of the engine; left out when there are none.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>True: a container was created.</summary>
    public required bool Changed { get; init; }
}

/// <summary>Containers, newest first.</summary>
public sealed record ContainerList
{
    /// <summary>The containers in the requested state, at most the limit of the request.</summary>
    public IReadOnlyList<ContainerSummary> Containers { get => field ?? []; init; }

    /// <summary>The number of containers in the requested state, regardless of the limit.</summary>
    public int Total { get; init; }
}

/// <summary>A container in a list.</summary>
public sealed record ContainerSummary
{
    /// <summary>The id of the container, 64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The name of the container; empty when the engine has given it none.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>The image as named at creation, or the image's id when that name refers to another image by now.</summary>
    public string Image { get => field ?? ""; init; }

    /// <summary>The state: <c>created</c>, <c>running</c>, <c>paused</c>, <c>restarting</c>, <c>removing</c>, <c>exited</c> or <c>dead</c>.</summary>
    public string State { get => field ?? "unknown"; init; }

    /// <summary>The creation time, to the second.</summary>
    public DateTimeOffset Created { get; init; }
}

/// <summary>The result of starting, stopping or removing a container.</summary>
public sealed record ContainerChange
{
    /// <summary>The name or id of the container as given in the request.</summary>
    public required string Id { get; init; }

    /// <summary>A description of the action, or a note that nothing had to be done.</summary>
    public string Message { get => field ?? ""; init; }

    /// <summary>True when the state of the container changed.</summary>
    public required bool Changed { get; init; }
}

/// <summary>The result of removing an image: its names may be removed while the image stays under another one.</summary>
public sealed record ImageRemoveResult
{
    /// <summary>The image as named in the request.</summary>
    public required string Image { get; init; }

    /// <summary>The names that were removed.</summary>
    public IReadOnlyList<string> Untagged { get => field ?? []; init; }

    /// <summary>The ids of the images and layers that were deleted.</summary>
    public IReadOnlyList<string> Deleted { get => field ?? []; init; }

    /// <summary>True: something was removed.</summary>
    public required bool Changed { get; init; }
}
