namespace Osapi.Orchestrator.Engine;

/// <summary>The state of the dependencies of a cell, as it looks at them: at their cell on its host, or at the whole task.</summary>
internal struct Before
{
    /// <summary>True when a dependency failed, or was skipped because of a failure before it.</summary>
    public bool InFailure;

    /// <summary>True when such a failure is not excused.</summary>
    public bool Unexcused;

    /// <summary>True when a dependency failed after it had started.</summary>
    public bool ItselfFailed;

    /// <summary>True when a dependency changed something.</summary>
    public bool Changed;

    /// <summary>True when a dependency started: on the host, if a dependency has it.</summary>
    public bool Started;

    /// <summary>
    /// Returns the reason for skipping the cell, in the documented order, without guards; null when it is not skipped. A guard checks
    /// failures itself, and a recovery task requires one.
    /// </summary>
    public readonly string? SkipReason(PlanTask task)
    {
        if (task.RunsAlways)
            return Started ? null : SkipReasons.NoDependenciesStarted;
        if (InFailure && !task.HasGuard && !task.RequiresFailure)
            return SkipReasons.DependencyFailed;
        if (task.RequiresFailure && !ItselfFailed)
            return SkipReasons.NoDependenciesFailed;
        return task.RequiresChange && !Changed ? SkipReasons.NoDependenciesChanged : null;
    }
}
