namespace Osapi.Orchestrator;

/// <summary>
/// Callbacks for the events of a plan's run. Hooks are called one at a time, in the order of events, by the loop that runs the plan:
/// a slow hook delays the start of further tasks. An exception of a hook is recorded in <see cref="Report.HookErrors"/> and has no
/// other effect. An async hook is awaited before the run returns, but not before the next event.
/// </summary>
public sealed record Hooks
{
    /// <summary>Called before any task starts.</summary>
    public Action<PlanSummary>? BeforePlan { get; init; }

    /// <summary>Called when all tasks have ended.</summary>
    public Action<Report>? AfterPlan { get; init; }

    /// <summary>Called before the first task of a level starts or is skipped: the level, its tasks, and true when there are several.</summary>
    public Action<int, IReadOnlyList<PlanTask>, bool>? BeforeLevel { get; init; }

    /// <summary>Called after the last task of a level: the level and its results.</summary>
    public Action<int, IReadOnlyList<TaskResult>>? AfterLevel { get; init; }

    /// <summary>Called before a task's body starts for the first time.</summary>
    public Action<PlanTask>? BeforeTask { get; init; }

    /// <summary>Called after a task has ended, whatever its status.</summary>
    public Action<PlanTask, TaskResult>? AfterTask { get; init; }

    /// <summary>Called before a retry: the task, the number of the failed attempt, counted from 1, and its error.</summary>
    public Action<PlanTask, int, Exception>? OnRetry { get; init; }

    /// <summary>Called when a task is skipped, with the reason; <see cref="AfterTask"/> follows.</summary>
    public Action<PlanTask, string>? OnSkip { get; init; }

    /// <summary>Combines hooks: those of each are called in turn, even when one throws.</summary>
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
/// <param name="Task">The task that the hook was called for; null for a hook of the plan or of a level.</param>
/// <param name="Error">The exception.</param>
public sealed record HookError(string Hook, string? Task, Exception Error);
