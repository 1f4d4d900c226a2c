using Osapi.Operations.Targets;

namespace Osapi.Orchestrator.Engine;

/// <summary>The cells that a run is about.</summary>
internal sealed class RunSelection
{
    private readonly bool[]? tasks;
    private readonly IReadOnlyList<string>? limit;
    private HashSet<int>? hosts;

    public RunSelection(PlanGraph graph, PlanSelection? selection, IReadOnlyList<string>? limit) => (tasks, this.limit) = (SelectedTasks.Of(graph, selection), limit);

    /// <summary>Takes the hosts of the limit from the table, once it has those of the tasks, whose order is that of the report.</summary>
    public void SetHosts(CellTable table) => hosts = limit is null ? null : [.. limit.Select(table.HostOf)];

    /// <summary>Determines whether a task is selected, on some host at least.</summary>
    public bool Has(PlanTask task) => tasks is null || tasks[task.Index];

    /// <summary>Determines whether a cell is selected. Where there is a limit, a host that is not known is outside of it.</summary>
    public bool Has(PlanTask task, int host) => Has(task) && (hosts is null || !task.RunsOnHosts || hosts.Contains(host));

    /// <summary>Returns the host on which a task for any host runs: null without a limit, and when the limit has none of them.</summary>
    public ResolvedHost? FirstOf(IReadOnlyList<ResolvedHost> candidates) => limit is null ? null : candidates
        .Where(host => limit.Contains(host.Hostname, StringComparer.OrdinalIgnoreCase))
        .OrderBy(host => host.Drained).ThenBy(host => !host.Reachable)
        .FirstOrDefault();
}
