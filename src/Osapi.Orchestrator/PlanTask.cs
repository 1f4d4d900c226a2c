using Osapi.Operations;
using Osapi.Orchestrator.Execution;

namespace Osapi.Orchestrator;

/// <summary>One task of a plan. It is made by the plan, refined by <see cref="PlanTaskModifiers"/>, and cannot be changed while the plan runs.</summary>
public class PlanTask
{
    internal PlanTask(Plan plan, int index, string name, TaskBody body)
    {
        Plan = plan;
        Index = index;
        Name = name;
        Body = body;
    }

    /// <summary>What the task is called; unique in its plan.</summary>
    /// <exception cref="InvalidOperationException">The plan is running.</exception>
    public string Name
    {
        get;
        set
        {
            Plan.Changing();
            // A missing name is reported with everything else that is wrong with the plan.
            field = value ?? "";
        }
    }

    /// <summary>The tasks that have to end before this one starts.</summary>
    public IReadOnlyList<PlanTask> Dependencies => DependencyList.AsReadOnly();

    /// <summary>True when the body is a function, false when it is an operation.</summary>
    public bool IsFunc => Operation is null;

    /// <summary>The operation that is called; null for a function.</summary>
    public Operation? Operation => (Body as OperationBody)?.Operation;

    /// <summary>The hosts the operation is for; null for a function and for an operation of the controller.</summary>
    public Target? Target => (Body as OperationBody)?.Target;

    /// <summary>True when the task runs only if one of its dependencies changed something.</summary>
    public bool RequiresChange { get; internal set; }

    /// <summary>True when the task runs only if one of its dependencies failed.</summary>
    public bool RequiresFailure { get; internal set; }

    /// <summary>True when the task has a guard.</summary>
    public bool HasGuard => Guards.Length > 0;

    /// <summary>What happens when it fails; null when the plan decides.</summary>
    public ErrorStrategy? ErrorStrategy { get; internal set; }

    /// <summary>How long it may take with all its retries; null without a limit.</summary>
    public TimeSpan? TimeLimit { get; internal set; }

    /// <summary>How many hosts may fail; null when none may.</summary>
    public HostFailureLimit? AllowedHostFailures { get; internal set; }

    internal Plan Plan { get; }

    /// <summary>The place in the plan.</summary>
    internal int Index { get; }

    internal TaskBody Body { get; }

    internal List<PlanTask> DependencyList { get; } = [];

    internal Guard[] Guards { get; set; } = [];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>A task whose result has a value: <see cref="Results.Get{T}(PlanTask{T})"/> and <see cref="Report.Get{T}(PlanTask{T})"/> give it.</summary>
/// <typeparam name="T">What the operation answers.</typeparam>
public sealed class PlanTask<T> : PlanTask
    where T : notnull
{
    internal PlanTask(Plan plan, int index, string name, TaskBody body)
        : base(plan, index, name, body)
    {
    }
}

/// <summary>A condition of a task, and what to say when it does not hold.</summary>
internal sealed record Guard(Func<Results, bool> Holds, string Reason);
