namespace Osapi.Operations.Docker;

/// <summary>A container that was created.</summary>
public sealed record CreatedContainer
{
    /// <summary>Its id, 64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>The image as it was asked for.</summary>
    public string Image { get => field ?? ""; init; }

    /// <summary>Its state, such as <c>running</c>, <c>created</c> or, when it has ended already, <c>exited</c>.</summary>
    public string State { get => field ?? "unknown"; init; }

    /// <summary>When it was created; null when that could not be asked.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>What the engine remarks about the request; left out when it has nothing to say.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>True: there is one container more.</summary>
    public required bool Changed { get; init; }
}

/// <summary>Containers, the newest first.</summary>
public sealed record ContainerList
{
    /// <summary>Those that were asked for, at most as many as the limit.</summary>
    public IReadOnlyList<ContainerSummary> Containers { get => field ?? []; init; }

    /// <summary>How many there are in that state, whatever the limit.</summary>
    public int Total { get; init; }
}

/// <summary>A container in a list.</summary>
public sealed record ContainerSummary
{
    /// <summary>Its id, 64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its name; empty for one that the engine has given none.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>The image as it was asked for, or its id when that name means another image by now.</summary>
    public string Image { get => field ?? ""; init; }

    /// <summary>Its state: <c>created</c>, <c>running</c>, <c>paused</c>, <c>restarting</c>, <c>removing</c>, <c>exited</c> or <c>dead</c>.</summary>
    public string State { get => field ?? "unknown"; init; }

    /// <summary>When it was created, to the second.</summary>
    public DateTimeOffset Created { get; init; }
}

/// <summary>What start, stop and remove did to a container.</summary>
public sealed record ContainerChange
{
    /// <summary>Its name or id as it was asked for.</summary>
    public required string Id { get; init; }

    /// <summary>What was done, or that there was nothing to do.</summary>
    public string Message { get => field ?? ""; init; }

    /// <summary>True when it was not so before.</summary>
    public required bool Changed { get; init; }
}

/// <summary>What the removal of an image left: names may go while the image stays under another one.</summary>
public sealed record ImageRemoveResult
{
    /// <summary>The image as it was asked for.</summary>
    public required string Image { get; init; }

    /// <summary>The names that were taken away.</summary>
    public IReadOnlyList<string> Untagged { get => field ?? []; init; }

    /// <summary>The ids of the images and layers that were deleted.</summary>
    public IReadOnlyList<string> Deleted { get => field ?? []; init; }

    /// <summary>True: something was removed.</summary>
    public required bool Changed { get; init; }
}
