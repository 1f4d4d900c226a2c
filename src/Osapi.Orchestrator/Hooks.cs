namespace Osapi.Orchestrator;

/// <summary>
/// The events of a running plan. Hooks are called one at a time, in the order of events, on the loop that runs the plan:
/// a slow hook delays the start of further tasks. An exception is recorded in <see cref="Report.HookErrors"/> and has no other effect.
/// </summary>
/// <remarks>
/// Each event also has an asynchronous form, such as <see cref="AfterTaskAsync"/>. The plan continues without waiting for it, but the
/// run returns only when all have ended. They also run one at a time, in the order of events.
/// </remarks>
public sealed partial record Hooks
{
    /// <summary>Called before anything else.</summary>
    public Action<PlanSummary>? BeforePlan { get; init; }

    /// <summary>Called after the last task has ended.</summary>
    public Action<Report>? AfterPlan { get; init; }

    /// <summary>Called before the first task of a level starts or is skipped.</summary>
    public Action<LevelStart>? BeforeLevel { get; init; }

    /// <summary>Called after the last task of a level.</summary>
    public Action<LevelEnd>? AfterLevel { get; init; }

    /// <summary>Called before a task's body starts for the first time.</summary>
    public Action<PlanTask>? BeforeTask { get; init; }

    /// <summary>Called after a task has ended, with any status.</summary>
    public Action<PlanTask, TaskResult>? AfterTask { get; init; }

    /// <summary>Called after a task has ended on one of its hosts, with any status; <see cref="AfterTask"/> follows the last one.</summary>
    public Action<PlanTask, HostResult>? AfterHost { get; init; }

    /// <summary>Called before a retry, with the failed attempt.</summary>
    public Action<PlanTask, FailedAttempt>? OnRetry { get; init; }

    /// <summary>Called when a task is skipped, with the reason; <see cref="AfterTask"/> follows.</summary>
    public Action<PlanTask, string>? OnSkip { get; init; }

    /// <summary>Combines hooks: each event calls all of them in turn, even after one has thrown.</summary>
    public static Hooks Combine(params IEnumerable<Hooks?> hooks)
    {
        ArgumentNullException.ThrowIfNull(hooks);
        return hooks.OfType<Hooks>().Aggregate(new Hooks(), static (all, one) => new()
        {
            BeforePlan = all.BeforePlan + one.BeforePlan,
            BeforePlanAsync = all.BeforePlanAsync + one.BeforePlanAsync,
            AfterPlan = all.AfterPlan + one.AfterPlan,
            AfterPlanAsync = all.AfterPlanAsync + one.AfterPlanAsync,
            BeforeLevel = all.BeforeLevel + one.BeforeLevel,
            BeforeLevelAsync = all.BeforeLevelAsync + one.BeforeLevelAsync,
            AfterLevel = all.AfterLevel + one.AfterLevel,
            AfterLevelAsync = all.AfterLevelAsync + one.AfterLevelAsync,
            BeforeTask = all.BeforeTask + one.BeforeTask,
            BeforeTaskAsync = all.BeforeTaskAsync + one.BeforeTaskAsync,
            AfterTask = all.AfterTask + one.AfterTask,
            AfterTaskAsync = all.AfterTaskAsync + one.AfterTaskAsync,
            AfterHost = all.AfterHost + one.AfterHost,
            AfterHostAsync = all.AfterHostAsync + one.AfterHostAsync,
            OnRetry = all.OnRetry + one.OnRetry,
            OnRetryAsync = all.OnRetryAsync + one.OnRetryAsync,
            OnSkip = all.OnSkip + one.OnSkip,
            OnSkipAsync = all.OnSkipAsync + one.OnSkipAsync,
        });
    }
}
