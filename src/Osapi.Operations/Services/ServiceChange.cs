namespace Osapi.Operations.Services;

/// <summary>The result of changing the state of a service, or of another unit.</summary>
public sealed record ServiceChange
{
    /// <summary>The unit's own name, where an alias was given.</summary>
    public required string Name { get; init; }

    /// <summary>True when something changed.</summary>
    public bool Changed { get; init; }

    /// <summary>The state before.</summary>
    public UnitState? Before { get; init; }

    /// <summary>The state after.</summary>
    public UnitState? After { get; init; }

    /// <summary>True when systemd read its unit files again, because they had changed; null when it did not. This alone is no change.</summary>
    public bool? DaemonReloaded { get; init; }

    /// <summary>The process id of its main process; null when it has none.</summary>
    public int? MainPid { get; init; }

    /// <summary>The milliseconds that the operation waited for other operations of the family on the host; null when it did not wait.</summary>
    public long? WaitedMs { get; init; }

    /// <summary>The last lines of the unit in the journal, at most 20, after a failure; otherwise null.</summary>
    public IReadOnlyList<string>? Log { get; init; }

    /// <summary>A remark about a result that is easily misunderstood; null when there is none.</summary>
    public string? Note { get; init; }
}

/// <summary>The state of a unit in the words of systemd.</summary>
public sealed record UnitState
{
    /// <summary>The state, such as active, inactive or failed.</summary>
    public required string ActiveState { get; init; }

    /// <summary>The state in the words of its type, such as running or exited.</summary>
    public required string SubState { get; init; }

    /// <summary>The state of its unit file, such as enabled or masked; null when it has none.</summary>
    public string? EnabledState { get; init; }
}
