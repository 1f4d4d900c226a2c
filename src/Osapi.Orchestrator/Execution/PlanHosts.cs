using Osapi.Operations.Targets;

namespace Osapi.Orchestrator.Execution;

/// <summary>The hosts of the tasks of a plan, as they were resolved before the run.</summary>
/// <param name="ByTask">The hosts of each task by its index; null when no task runs on hosts, and for a task whose hosts are not known.</param>
internal sealed record PlanHosts(IReadOnlyList<ResolvedHost>?[]? ByTask)
{
    public static PlanHosts Unknown { get; } = new(ByTask: null);

    /// <summary>The names of the hosts to which the run is limited; null for no limit.</summary>
    public IReadOnlyList<string>? Limit { get; init; }

    public IReadOnlyList<ResolvedHost>? Of(PlanTask task) => ByTask?[task.Index];
}
