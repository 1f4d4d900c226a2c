using Osapi.Operations;

namespace Osapi.Orchestrator;

/// <summary>The options of a plan.</summary>
public sealed record PlanOptions
{
    /// <summary>The error strategy of tasks without one of their own; default: <see cref="ErrorStrategy.StopAll"/>.</summary>
    public ErrorStrategy OnError { get; init; } = ErrorStrategy.StopAll;

    /// <summary>The hooks that are called while the plan runs.</summary>
    public Hooks Hooks { get; init; } = new();

    /// <summary>The maximum number of bodies that run at the same time; no limit when null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public int? MaxParallelism
    {
        get;
        init
        {
            if (value is { } limit)
                ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
            field = value;
        }
    }

    /// <summary>The time limit of the whole run, counted from its start; the run is cancelled after it. No limit when null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not positive, or longer than a timer supports (49 days).</exception>
    public TimeSpan? Deadline
    {
        get;
        init
        {
            if (value is { } limit)
                TimeLimits.ThrowIfNoTimer(limit);
            field = value;
        }
    }

    /// <summary>True to start a level only when the whole previous level has ended. Otherwise a task starts when its own dependencies have ended.</summary>
    public bool LevelBarriers { get; init; }

    /// <summary>The order in which hosts go on; default: <see cref="PlanFlow.Task"/>.</summary>
    public PlanFlow Flow { get; init; }

    /// <summary>The part of the plan that is run; null for all of it.</summary>
    public PlanSelection? Selection { get; init; }

    /// <summary>The time that all tasks with <see cref="PlanTaskModifiers.Always"/> together have after the run was cancelled or its deadline passed; 60 seconds by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive, or longer than a timer supports (49 days).</exception>
    public TimeSpan AlwaysTimeout
    {
        get;
        init
        {
            TimeLimits.ThrowIfNoTimer(value);
            field = value;
        }
    } = TimeSpan.FromSeconds(60);

    /// <summary>The record that the controller keeps of the run; null for a run that is not recorded, and cannot be resumed. A run that only checks is never recorded.</summary>
    public RunOptions? Run { get; init; }

    /// <summary>The source of time.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The invoker of operation tasks; the plan's client when null.</summary>
    public IOperationInvoker? Invoker { get; init; }

    /// <summary>The source of jitter: a number from 0 to below 1.</summary>
    internal Func<double> Random { get; init; } = System.Random.Shared.NextDouble;

    /// <summary>
    /// Called by the loop when it becomes idle, with the number of running bodies, and with -1 when it continues. Tests use it to
    /// detect that only time can move the run forward.
    /// </summary>
    internal Action<int>? WhenIdle { get; init; }
}
