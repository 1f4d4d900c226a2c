namespace Osapi.Orchestrator;

public sealed partial record Hooks
{
    /// <inheritdoc cref="BeforePlan"/>
    public Func<PlanSummary, ValueTask>? BeforePlanAsync { get; init; }

    /// <inheritdoc cref="AfterPlan"/>
    public Func<Report, ValueTask>? AfterPlanAsync { get; init; }

    /// <inheritdoc cref="BeforeLevel"/>
    public Func<LevelStart, ValueTask>? BeforeLevelAsync { get; init; }

    /// <inheritdoc cref="AfterLevel"/>
    public Func<LevelEnd, ValueTask>? AfterLevelAsync { get; init; }

    /// <inheritdoc cref="BeforeTask"/>
    public Func<PlanTask, ValueTask>? BeforeTaskAsync { get; init; }

    /// <inheritdoc cref="AfterTask"/>
    public Func<PlanTask, TaskResult, ValueTask>? AfterTaskAsync { get; init; }

    /// <inheritdoc cref="AfterHost"/>
    public Func<PlanTask, HostResult, ValueTask>? AfterHostAsync { get; init; }

    /// <inheritdoc cref="OnRetry"/>
    public Func<PlanTask, FailedAttempt, ValueTask>? OnRetryAsync { get; init; }

    /// <inheritdoc cref="OnSkip"/>
    public Func<PlanTask, string, ValueTask>? OnSkipAsync { get; init; }
}
