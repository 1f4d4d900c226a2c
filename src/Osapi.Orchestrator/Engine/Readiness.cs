namespace Osapi.Orchestrator.Engine;

/// <summary>The state of a task before it runs. The loop keeps one for each task.</summary>
internal struct Readiness
{
    /// <summary>The number of dependencies that have not ended.</summary>
    public int WaitsFor;

    /// <summary>The dependency that ended last, which determined when the task could start.</summary>
    public int LastDependency;

    /// <summary>True when a dependency failed, or was skipped because of a failure before it.</summary>
    public bool FailedBefore;

    /// <summary>True when a dependency changed something.</summary>
    public bool ChangedBefore;

    /// <summary>
    /// Returns the reason for skipping the task, in the documented order, without guards; null when it is not skipped. A guard checks
    /// failures itself, and a recovery task requires one.
    /// </summary>
    public readonly string? SkipReason(PlanTask task) => this switch
    {
        { FailedBefore: true } when !task.HasGuard && !task.RequiresFailure => SkipReasons.DependencyFailed,
        { FailedBefore: false } when task.RequiresFailure => SkipReasons.NoDependenciesFailed,
        { ChangedBefore: false } when task.RequiresChange => SkipReasons.NoDependenciesChanged,
        _ => null,
    };
}
