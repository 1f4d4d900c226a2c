using Osapi.Operations.Runs;

namespace Osapi.Orchestrator.Runs;

/// <summary>The steps that a run has taken over from earlier ones.</summary>
/// <param name="Taken">Those that it does.</param>
/// <param name="NotDone">Those that it cannot do: the plan has no such task, host or operation any more, or the host is another machine. They stay owed.</param>
internal sealed record TakenSteps(IReadOnlyList<OwedStep> Taken, IReadOnlyList<OwedStep> NotDone)
{
    /// <summary>Divides the steps that the controller gave to a run.</summary>
    /// <param name="all">The steps.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="hostsOf">Returns the hosts of a task; null when they are not known before it runs.</param>
    public static TakenSteps Of(IReadOnlyList<OwedStep> all, Plan plan, Func<PlanTask, IReadOnlyList<string>?> hostsOf)
    {
        var tasks = plan.Tasks.ToDictionary(task => task.Name, StringComparer.Ordinal);
        var groups = all.ToLookup(CanBeDone);
        return new([.. groups[true]], [.. groups[false]]);

        bool CanBeDone(OwedStep step) => step.HostReplaced != true && tasks.TryGetValue(step.Task, out var task) && task.RequiresChange && task.Operation?.Id == step.Operation
            && (step.Host is null ? !task.RunsOnHosts : task.RunsOnHosts && hostsOf(task)?.Contains(step.Host, StringComparer.OrdinalIgnoreCase) != false);
    }

    /// <summary>Returns what is owed after the run. What an earlier run began to owe keeps its origin.</summary>
    public IReadOnlyList<OwedStep> After(Report report, RunId run) =>
    [
        .. report.Owed.Select(cell => Taken.FirstOrDefault(step => step.Task == cell.Task && step.Host == cell.Host) is { } earlier
            ? earlier with { TakenBy = null }
            : new() { Task = cell.Task, Host = cell.Host, Operation = report.OperationOf(cell.Task)?.Id, Run = run, Since = report.StartedAt + report.Duration }),
        .. NotDone.Select(step => step with { TakenBy = null }),
    ];
}
