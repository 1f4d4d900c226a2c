namespace Osapi.Operations.Services;

/// <summary>The result of writing or removing a unit file or a drop-in.</summary>
public sealed record UnitChange
{
    /// <summary>The name of the unit, with its type.</summary>
    public required string Name { get; init; }

    /// <summary>The path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>True when something changed.</summary>
    public bool Changed { get; init; }

    /// <summary>True when systemd read its unit files again; null when it did not.</summary>
    public bool? DaemonReloaded { get; init; }

    /// <summary>True when the unit was restarted or stopped; null when it was not.</summary>
    public bool? Restarted { get; init; }

    /// <summary>The lines of the file with which systemd has a problem, and that it ignores; null when there are none.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>The milliseconds that the operation waited for other operations of the family on the host; null when it did not wait.</summary>
    public long? WaitedMs { get; init; }

    /// <summary>The last lines of the unit in the journal, at most 20, after a failure; otherwise null.</summary>
    public IReadOnlyList<string>? Log { get; init; }

    /// <summary>A remark about a result that is easily misunderstood; null when there is none.</summary>
    public string? Note { get; init; }
}
