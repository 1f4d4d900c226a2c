using Osapi.Operations;

namespace Osapi.Orchestrator;

/// <summary>How a plan runs.</summary>
public sealed record PlanOptions
{
    /// <summary>What happens when a task without a strategy of its own fails; <see cref="ErrorStrategy.StopAll"/> when not set.</summary>
    public ErrorStrategy OnError { get; init; } = ErrorStrategy.StopAll;

    /// <summary>What is told while the plan runs.</summary>
    public Hooks Hooks { get; init; } = new();

    /// <summary>How many bodies run at the same time; no limit when null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
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

    /// <summary>How long the whole run may take, counted from its start; then it is cancelled. No limit when null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive, or longer than a timer can run (49 days).</exception>
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

    /// <summary>True to start a level only when the whole level before it has ended. Otherwise a task starts when its own dependencies have.</summary>
    public bool LevelBarriers { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>What carries the calls of operation tasks; the plan's client when null.</summary>
    public IOperationInvoker? Invoker { get; init; }

    /// <summary>Where the random part of a wait comes from: a number from 0 to below 1.</summary>
    internal Func<double> Random { get; init; } = System.Random.Shared.NextDouble;

    /// <summary>
    /// Called by the loop when it has nothing to do, with the number of bodies that run, and with -1 when it has something to do again:
    /// how a test knows that only time can go on.
    /// </summary>
    internal Action<int>? WhenIdle { get; init; }
}
