namespace Osapi.Orchestrator.Engine;

/// <summary>What is known about a task before it runs. Kept by the loop, one for each task.</summary>
internal struct Readiness
{
    /// <summary>How many dependencies have not ended.</summary>
    public int WaitsFor;

    /// <summary>The dependency that ended last: the one that kept the task waiting.</summary>
    public int LastDependency;

    /// <summary>A dependency failed, or was skipped because of a failure before it.</summary>
    public bool FailedBefore;

    /// <summary>A dependency changed something.</summary>
    public bool ChangedBefore;

    /// <summary>
    /// Why the task is skipped, asked in the order of the documented table, guards excepted; null when nothing speaks against it.
    /// A guard looks at failures itself, and a recovery task waits for one.
    /// </summary>
    public readonly string? SkipReason(PlanTask task) => this switch
    {
        { FailedBefore: true } when !task.HasGuard && !task.RequiresFailure => SkipReasons.DependencyFailed,
        { FailedBefore: false } when task.RequiresFailure => SkipReasons.NoDependenciesFailed,
        { ChangedBefore: false } when task.RequiresChange => SkipReasons.NoDependenciesChanged,
        _ => null,
    };
}
