using Osapi.Operations;

namespace Osapi.Orchestrator.Engine;

/// <summary>A validated plan: its graph and its errors. It is created once and shared by all runs until the plan is changed.</summary>
internal sealed record CheckedPlan(PlanGraph Graph, IReadOnlyList<PlanError> Errors)
{
    public static CheckedPlan Of(IReadOnlyList<PlanTask> tasks)
    {
        PlanGraph graph = new(tasks);
        return new(graph, PlanCheck.Errors(graph));
    }
}

/// <summary>Validates a plan and reports all errors at once.</summary>
internal static class PlanCheck
{
    public static IReadOnlyList<PlanError> Errors(PlanGraph graph) =>
        [.. NameErrors(graph), .. graph.Tasks.Where(MayBeWrong).SelectMany(task => OwnErrors(task).Concat(HostErrors(graph, task))), .. CycleSearch.Cycles(graph).Select(CycleError)];

    public static PlanError FlowWithBarriers { get; } = new("", "the plan lets each host go on by itself, but also waits for all tasks of a level: flow by host and level barriers exclude each other");

    public static IEnumerable<PlanError> MissingClient(IReadOnlyList<PlanTask> tasks) =>
        tasks.Where(task => task.Operation is not null)
            .Select(task => new PlanError(task.Name, $"task \"{task.Name}\" calls {task.Operation}, but the plan has no client"));

    // The graph knows the first task of each name.
    private static IEnumerable<PlanError> NameErrors(PlanGraph graph)
    {
        HashSet<string> reported = [];
        foreach (var task in graph.Tasks)
            if (string.IsNullOrWhiteSpace(task.Name))
                yield return new("", $"task {task.Index + 1} has no name");
            else if (graph.HasDuplicates && graph.Find(task.Name) != task && reported.Add(task.Name))
                yield return new(task.Name, $"duplicate task name: \"{task.Name}\"");
            else if (ControlCharacters.AreIn(task.Name))
                yield return new(task.Name, $"the name of task {task.Index + 1} has control characters: \"{ControlCharacters.Escape(task.Name)}\"");
    }

    // The common case, a function with good dependencies and no modifiers, must cost nothing.
    private static bool MayBeWrong(PlanTask task)
    {
        if (task.Operation is not null || task.Body.Problem is not null || task.RequiresChange || task.RequiresFailure || task.RunsAlways || task.HasGuard
            || task.FailedHostsLimit is not null || task.AllowsNoHosts || task.StartLimit is not null)
            return true;
        foreach (var dependency in task.DependencyList)
            if (dependency?.Plan != task.Plan)
                return true;
        return false;
    }

    private static IEnumerable<PlanError> OwnErrors(PlanTask task)
    {
        if (task.Body.Problem is { } problem)
            yield return new(task.Name, $"task \"{task.Name}\" {problem}");
        foreach (var dependency in task.DependencyList)
            if (dependency is null)
                yield return new(task.Name, $"task \"{task.Name}\" depends on null");
            else if (dependency.Plan != task.Plan)
                yield return new(task.Name, $"task \"{task.Name}\" depends on \"{dependency.Name}\", which is not in the plan");
        if (task.RequiresChange && task.DependencyList.Count == 0)
            yield return new(task.Name, $"task \"{task.Name}\" runs only if a dependency changed, but has no dependencies");
        if (task.RequiresFailure && task.DependencyList.Count == 0)
            yield return new(task.Name, $"task \"{task.Name}\" runs only if a dependency failed, but has no dependencies");
    }

    private static IEnumerable<PlanError> HostErrors(PlanGraph graph, PlanTask task)
    {
        if (task.RunsAlways && task.DependencyList.Count == 0)
            yield return new(task.Name, $"task \"{task.Name}\" runs always after its dependencies, but has no dependencies");
        if (task.RunsAlways && (task.RequiresChange || task.RequiresFailure))
            yield return new(task.Name, $"task \"{task.Name}\" runs always, but also only if a dependency {(task.RequiresChange ? "changed" : "failed")}: one of the two must go");
        if (!task.RunsOnHosts)
        {
            if (task.Guards.Any(guard => guard.LooksAtHost))
                yield return new(task.Name, $"task \"{task.Name}\" has a guard that asks for the host, but does not run on hosts");
            if (task.FailedHostsLimit is not null || task.AllowsNoHosts)
                yield return new(task.Name, $"task \"{task.Name}\" limits its hosts, but does not run on hosts");
            if (task.StartLimit is not null)
                yield return new(task.Name, $"task \"{task.Name}\" limits the time until hosts start, but does not run on hosts");
        }

        if (task.SameHostsAs is not { } origin)
            yield break;
        if (origin.Plan != task.Plan)
            yield return new(task.Name, $"task \"{task.Name}\" runs on the hosts of \"{origin.Name}\", which is not in the plan");
        else if (!origin.RunsOnHosts)
            yield return new(task.Name, $"task \"{task.Name}\" runs on the hosts of \"{origin.Name}\", which does not run on hosts");
        else if (origin == task || !graph.IsAncestor(origin.Index, task.Index))
            yield return new(task.Name, $"task \"{task.Name}\" runs on the hosts of \"{origin.Name}\" but does not depend on it: DependsOn is missing");
    }

    private static PlanError CycleError(IReadOnlyList<PlanTask> cycle) =>
        new(cycle[0].Name, "cycle detected: " + string.Join(" depends on ", cycle.Append(cycle[0]).Select(task => $"\"{task.Name}\"")));
}
