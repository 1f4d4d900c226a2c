namespace Osapi.Operations.Services;

/// <summary>Services, or other units, ordered by name.</summary>
public sealed record ServiceList
{
    /// <summary>The units.</summary>
    public required IReadOnlyList<ServiceSummary> Services { get; init; }

    /// <summary>The number of units.</summary>
    public int Total { get; init; }
}

/// <summary>A service, or another unit, in a list.</summary>
public sealed record ServiceSummary
{
    /// <summary>The name with the type, such as <c>nginx.service</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The state, such as active, inactive or failed. A unit that is not loaded is inactive.</summary>
    public required string ActiveState { get; init; }

    /// <summary>The state in the words of its type, such as running or exited; null when it is not loaded.</summary>
    public string? SubState { get; init; }

    /// <summary>The state of its unit file, such as enabled, static or masked; null when it has none.</summary>
    public string? EnabledState { get; init; }

    /// <summary>The state of loading it, such as loaded or error; null when it is not loaded.</summary>
    public string? LoadState { get; init; }

    /// <summary>The description; null when it is not loaded.</summary>
    public string? Description { get; init; }

    /// <summary>True when <c>service.unit.update</c> wrote its unit file.</summary>
    public bool Managed { get; init; }
}
