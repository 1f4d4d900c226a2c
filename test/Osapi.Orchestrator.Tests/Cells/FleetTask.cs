namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>The kind of the hosts of a random task.</summary>
internal enum FleetTarget
{
    Function,
    All,
    Group,
    Host,
    Any,
    SameAs,
    Nobody,
}

/// <summary>The answer of a random guard.</summary>
internal enum FleetGuard
{
    None,
    True,
    False,
    Throws,
}

/// <summary>A limit of failed hosts, as a number or a percentage.</summary>
internal readonly record struct FleetLimit(int Amount, bool IsPercent)
{
    public HostFailureLimit Value => IsPercent ? HostFailureLimit.Percent(Amount) : HostFailureLimit.Count(Amount);

    public int Of(int cells) => IsPercent ? cells * Amount / 100 : Amount;
}

/// <summary>A random task over hosts. Tasks and hosts keep their ids when a failing plan is made smaller, so that the script stays the same.</summary>
internal sealed record FleetTask
{
    public required int Id { get; init; }

    public int[] Dependencies { get; init; } = [];

    public FleetTarget Target { get; init; }

    /// <summary>The group, the host, or the task with the same hosts.</summary>
    public int TargetId { get; init; }

    public Osapi.Operations.Idempotency Idempotency { get; init; }

    public FleetGuard Guard { get; init; }

    /// <summary>True when the task has a guard that looks at the host; its answer is scripted per host.</summary>
    public bool GuardsHosts { get; init; }

    /// <summary>The number of different requests that the hosts get; 0 for one request that is made beforehand.</summary>
    public int Requests { get; init; }

    public bool OnlyIfChanged { get; init; }

    public bool OnlyIfFailed { get; init; }

    public bool Always { get; init; }

    public int Retries { get; init; }

    public bool Backoff { get; init; }

    /// <summary>The time limit in ticks.</summary>
    public long? Limit { get; init; }

    /// <summary>True to stop, false to continue, null for the strategy of the plan.</summary>
    public bool? Stops { get; init; }

    public FleetLimit? Allowed { get; init; }

    public FleetLimit? Max { get; init; }

    /// <summary>True when a failure of this task can always be retried.</summary>
    public bool PlainFailures { get; init; }

    public bool IsSingle => Target is FleetTarget.Function or FleetTarget.Any;

    public bool HasGuard => Guard != FleetGuard.None || GuardsHosts;

    public override string ToString()
    {
        var text = $"t{Id} {Target}{(Target is FleetTarget.Group or FleetTarget.Host or FleetTarget.SameAs ? $"({TargetId})" : "")} {Idempotency}";
        text += Dependencies.Length == 0 ? "" : $" after {string.Join(",", Dependencies.Select(id => $"t{id}"))}";
        text += Guard == FleetGuard.None ? "" : $" When({Guard})";
        text += (GuardsHosts ? " When(host)" : "") + (OnlyIfChanged ? " OnlyIfChanged" : "") + (OnlyIfFailed ? " OnlyIfFailed" : "") + (Always ? " Always" : "");
        text += Requests == 0 ? "" : $" Requests({Requests})";
        text += Retries == 0 ? "" : $" Retry({Retries}{(Backoff ? ", backoff" : "")})";
        text += Limit is { } limit ? $" Timeout({limit})" : "";
        text += Stops is { } stops ? stops ? " StopAll" : " Continue" : "";
        text += Allowed is { } allowed ? $" Allow({allowed.Value})" : "";
        return text + (Max is { } max ? $" Max({max.Value})" : "");
    }
}
