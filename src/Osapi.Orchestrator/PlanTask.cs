using Osapi.Operations;
using Osapi.Orchestrator.Execution;

namespace Osapi.Orchestrator;

/// <summary>A task of a plan. It is created by the plan and configured with <see cref="PlanTaskModifiers"/>. It cannot be changed while the plan runs.</summary>
public class PlanTask
{
    internal PlanTask(Plan plan, int index, string name, TaskBody body)
    {
        Plan = plan;
        Index = index;
        Name = name;
        Body = body;
    }

    /// <summary>The name of the task; unique in its plan.</summary>
    /// <exception cref="InvalidOperationException">The plan is running.</exception>
    public string Name
    {
        get;
        set
        {
            Plan.Changing();
            // A missing name is reported together with the other errors of the plan.
            field = value ?? "";
        }
    }

    /// <summary>The tasks that must end before this one starts.</summary>
    public IReadOnlyList<PlanTask> Dependencies => DependencyList.AsReadOnly();

    /// <summary>True when the body is a function, false when it is an operation.</summary>
    public bool IsFunc => Operation is null;

    /// <summary>The called operation; null for a function.</summary>
    public Operation? Operation => (Body as OperationBody)?.Operation;

    /// <summary>The target hosts; null for a function, for an operation of the controller, and for the hosts of another task.</summary>
    public Target? Target => (Body as OperationBody)?.Target;

    /// <summary>The task on whose hosts this one runs; null when it has a target of its own, or none.</summary>
    public PlanTask? SameHostsAs => (Body as OperationBody)?.SameHostsAs;

    /// <summary>True when the task runs only if one of its dependencies changed something.</summary>
    public bool RequiresChange { get; internal set; }

    /// <summary>True when the task runs only if one of its dependencies failed.</summary>
    public bool RequiresFailure { get; internal set; }

    /// <summary>True when the task runs once its dependencies have ended, however they ended, if one of them started.</summary>
    public bool RunsAlways { get; internal set; }

    /// <summary>True when the task has a guard.</summary>
    public bool HasGuard => Guards.Length > 0;

    /// <summary>The error strategy of the task; null to use the plan's.</summary>
    public ErrorStrategy? ErrorStrategy { get; internal set; }

    /// <summary>The time limit, including all retries; null for no limit.</summary>
    public TimeSpan? TimeLimit { get; internal set; }

    /// <summary>The hosts that may fail; null when none may.</summary>
    public HostFailureLimit? AllowedHostFailures { get; internal set; }

    /// <summary>The failed hosts after which the task has failed as a whole; null for <see cref="AllowedHostFailures"/>, and when this is null, too, for no limit.</summary>
    public HostFailureLimit? FailedHostsLimit { get; internal set; }

    /// <summary>True when the task is skipped if its target matches no host, which is otherwise an error of the plan.</summary>
    public bool AllowsNoHosts { get; internal set; }

    /// <summary>The time within which a host must start the operation; null for the controller's default.</summary>
    public TimeSpan? StartLimit { get; internal set; }

    /// <summary>True when the body is not called again after a resume if it had started; see <see cref="PlanTaskModifiers.Once"/>.</summary>
    public bool RunsOnce { get; internal set; }

    /// <summary>True when the operation is called once for each item; the items are made during the run.</summary>
    public bool HasItems => (Body as OperationBody)?.HasItems == true;

    /// <summary>The description of the source of the items for people; null for none.</summary>
    public string? ItemSource { get; internal set; }

    /// <summary>The words by which a <see cref="PlanSelection"/> can select the task.</summary>
    public IReadOnlyCollection<string> Tags { get; internal set; } = [];

    internal bool RunsOnHosts => Operation is { RunsOn: RunsOn.Host };

    internal Plan Plan { get; }

    /// <summary>The index in the plan.</summary>
    internal int Index { get; }

    internal TaskBody Body { get; }

    /// <summary>Makes the request of a cell; null for a function, and for a task with one request.</summary>
    internal Func<Results, string?, object?>? RequestFactory => (Body as OperationBody)?.RequestFactory;

    /// <summary>Decides whether a cell changed something; null for what its result says.</summary>
    internal Func<Results, Result, bool>? ChangedCondition { get; set; }

    /// <summary>Decides whether a cell failed; null for what its result says.</summary>
    internal Func<Results, Result, bool>? FailedCondition { get; set; }

    internal bool HasOwnConditions => ChangedCondition is not null || FailedCondition is not null;

    /// <summary>True when what the task reads of others are their results as a whole, so that in the flow by host it waits for all of them.</summary>
    internal bool ReadsWholeTasks { get; set; }

    /// <summary>The text of the task's delegates: of a plan file, the expressions of its request and conditions. Null when they have none.</summary>
    internal string? Definition { get; set; }

    internal List<PlanTask> DependencyList { get; } = [];

    internal Guard[] Guards { get; set; } = [];

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;
}

/// <summary>A task whose result has a typed value, which <see cref="Results.Get{T}(PlanTask{T})"/> and <see cref="Report.Get{T}(PlanTask{T})"/> return.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed class PlanTask<T> : PlanTask
    where T : notnull
{
    internal PlanTask(Plan plan, int index, string name, TaskBody body)
        : base(plan, index, name, body)
    {
    }
}

/// <summary>A condition of a task, and the reason for skipping the task when it does not hold.</summary>
/// <param name="Holds">The condition for all hosts; null when it needs the host.</param>
/// <param name="HoldsOn">The condition for one host; null when it does not look at the host. It decides where the host is known.</param>
/// <param name="Reason">The reason.</param>
internal sealed record Guard(Func<Results, bool>? Holds, Func<Results, string, bool>? HoldsOn, string Reason)
{
    public bool LooksAtHost => HoldsOn is not null;
}
