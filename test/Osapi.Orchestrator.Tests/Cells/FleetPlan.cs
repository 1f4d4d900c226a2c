namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>A random plan over a random fleet. Tasks depend on earlier ones only.</summary>
internal sealed record FleetPlan
{
    public required FleetScript Script { get; init; }

    public required FleetTask[] Tasks { get; init; }

    public required int[] Hosts { get; init; }

    public int[] Drained { get; init; } = [];

    /// <summary>The hosts that are drained while the plan runs, with the time.</summary>
    public (int Host, long At)[] Drains { get; init; } = [];

    /// <summary>The tasks that are not selected.</summary>
    public int[] Unselected { get; init; } = [];

    /// <summary>The group to which the run is limited.</summary>
    public int? LimitGroup { get; init; }

    /// <summary>True when the plan is only checked.</summary>
    public bool Check { get; init; }

    public PlanFlow Flow { get; init; }

    public bool Barriers { get; init; }

    public int? MaxParallelism { get; init; }

    /// <summary>True when tasks without a strategy of their own stop the plan.</summary>
    public bool Stops { get; init; }

    /// <summary>True when the invoker tells of each host as it ends.</summary>
    public bool Streams { get; init; }

    /// <summary>True when the reply of a single host that failed is an exception, as it is over HTTP.</summary>
    public bool Throws { get; init; }

    /// <summary>True when the invoker cannot resolve targets.</summary>
    public bool IsOld { get; init; }

    /// <summary>True when some hosts that expire did not answer a sign of life either.</summary>
    public bool Probes { get; init; }

    public long? CancelAt { get; init; }

    public long? DeadlineAt { get; init; }

    public long? AbandonAt { get; init; }

    public long? AlwaysTimeout { get; init; }

    public FleetTask this[int id] => Array.Find(Tasks, task => task.Id == id)!;

    /// <summary>Gets the ids of the hosts of a task; null when they are known only during the run.</summary>
    public int[]? HostsOf(FleetTask task) => task.Target switch
    {
        FleetTarget.All => Hosts,
        FleetTarget.Group => [.. Hosts.Where(host => Script.IsInGroup(host, task.TargetId))],
        FleetTarget.Host => [.. Hosts.Where(host => host == task.TargetId)],
        FleetTarget.Nobody => [],
        _ => null,
    };

    public bool IsSelected(FleetTask task, int host) =>
        !Unselected.Contains(task.Id) && (LimitGroup is not { } group || task.Target == FleetTarget.Function || Script.IsInGroup(host, group));

    public bool IsDrained(int host, long time) => Drains.Any(drain => drain.Host == host && drain.At <= time);

    /// <summary>Gets the reply of a host or a function. A check of a host changes nothing and tells what would change.</summary>
    public ScriptedReply Reply(FleetTask task, int column, int attempt) => (Script.Reply(task, column, attempt), task) switch
    {
        (var reply, _) when !Check || task.Target == FleetTarget.Function => reply,
        (ScriptedReply.FailedChanged, _) => ScriptedReply.Failed,
        // What it would do cannot be predicted.
        (ScriptedReply.Ok or ScriptedReply.Changed, { Idempotency: Osapi.Operations.Idempotency.NonIdempotent }) => ScriptedReply.Changed,
        var (reply, _) => reply,
    };

    public bool StopsAfter(FleetTask task) => task.Stops ?? Stops;

    public static string Name(int host) => $"h{host:00}";

    public static int Id(string name) => int.Parse(name[1..], System.Globalization.CultureInfo.InvariantCulture);

    public override string ToString() =>
        $"{Tasks.Length} tasks, hosts {string.Join(",", Hosts)}, drained [{string.Join(",", Drained)}{string.Concat(Drains.Select(drain => $" {drain.Host} at {drain.At}"))}], {Script}, flow {Flow}"
        + (Check ? ", check" : "") + (Barriers ? ", barriers" : "") + (MaxParallelism is { } limit ? $", parallelism {limit}" : "") + (Stops ? ", stops" : ", continues")
        + (Streams ? ", streams" : "") + (Throws ? ", throws" : "") + (IsOld ? ", old controller" : "") + (Probes ? ", probes" : "")
        + (Unselected.Length == 0 ? "" : $", without {string.Join(",", Unselected.Select(id => $"t{id}"))}") + (LimitGroup is { } group ? $", limited to g{group}" : "")
        + (CancelAt is { } cancel ? $", cancelled at {cancel}" : "") + (DeadlineAt is { } deadline ? $", deadline {deadline}" : "")
        + (AbandonAt is { } abandon ? $", abandoned at {abandon}" : "") + (AlwaysTimeout is { } always ? $", always timeout {always}" : "")
        + "\n" + string.Join("\n", Tasks.Select(task => $"  {task}"));
}
