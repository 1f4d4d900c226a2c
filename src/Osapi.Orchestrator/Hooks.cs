namespace Osapi.Orchestrator;

/// <summary>
/// What a plan tells while it runs. Hooks are called one at a time, in the order of events, by the loop that runs the plan:
/// a slow one delays the start of further tasks. An exception in one is recorded in <see cref="Report.HookErrors"/> and changes nothing else.
/// An async hook is not waited for before the next event, but before the run returns.
/// </summary>
public sealed record Hooks
{
    /// <summary>Before anything else.</summary>
    public Action<PlanSummary>? BeforePlan { get; init; }

    /// <summary>When everything has ended.</summary>
    public Action<Report>? AfterPlan { get; init; }

    /// <summary>Before the first task of a level starts or is skipped: the level, its tasks, and whether there are several.</summary>
    public Action<int, IReadOnlyList<PlanTask>, bool>? BeforeLevel { get; init; }

    /// <summary>After the last task of a level: the level and its results.</summary>
    public Action<int, IReadOnlyList<TaskResult>>? AfterLevel { get; init; }

    /// <summary>Before a task's body starts for the first time.</summary>
    public Action<PlanTask>? BeforeTask { get; init; }

    /// <summary>After a task ended, in whatever way.</summary>
    public Action<PlanTask, TaskResult>? AfterTask { get; init; }

    /// <summary>Before a task is tried again: the number of the attempt that failed, counted from 1, and its error.</summary>
    public Action<PlanTask, int, Exception>? OnRetry { get; init; }

    /// <summary>When a task is skipped, with the reason; <see cref="AfterTask"/> follows.</summary>
    public Action<PlanTask, string>? OnSkip { get; init; }

    /// <summary>Hooks that call those of each in turn; one that throws does not keep the others from being called.</summary>
    public static Hooks Combine(params IEnumerable<Hooks?> hooks)
    {
        ArgumentNullException.ThrowIfNull(hooks);
        return hooks.OfType<Hooks>().Aggregate(new Hooks(), static (all, one) => new()
        {
            BeforePlan = all.BeforePlan + one.BeforePlan,
            AfterPlan = all.AfterPlan + one.AfterPlan,
            BeforeLevel = all.BeforeLevel + one.BeforeLevel,
            AfterLevel = all.AfterLevel + one.AfterLevel,
            BeforeTask = all.BeforeTask + one.BeforeTask,
            AfterTask = all.AfterTask + one.AfterTask,
            OnRetry = all.OnRetry + one.OnRetry,
            OnSkip = all.OnSkip + one.OnSkip,
        });
    }
}

/// <summary>An exception that a hook threw.</summary>
/// <param name="Hook">The hook, such as <c>AfterTask</c>.</param>
/// <param name="Task">The task it was called for; null for a hook of the plan or of a level.</param>
/// <param name="Error">What it threw.</param>
public sealed record HookError(string Hook, string? Task, Exception Error);
