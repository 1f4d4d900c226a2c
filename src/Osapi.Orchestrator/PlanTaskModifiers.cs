namespace Osapi.Orchestrator;

/// <summary>
/// What can be said about a task. Each returns the task, so that they can be chained; each throws
/// <see cref="InvalidOperationException"/> while the plan runs.
/// </summary>
public static class PlanTaskModifiers
{
    /// <summary>The task starts only when these have ended.</summary>
    public static TTask DependsOn<TTask>(this TTask task, params IEnumerable<PlanTask> tasks)
        where TTask : PlanTask
    {
        ArgumentNullException.ThrowIfNull(tasks);
        return Change(task, () => task.DependencyList.AddRange(tasks));
    }

    /// <summary>
    /// The task runs only if the condition holds; several conditions must all hold. A guard also lets a task run after a failed dependency,
    /// so look at the status of what it reads.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="guard">Looks at the results of the tasks before. It runs on the loop that runs the plan and should not wait.</param>
    /// <param name="reason">Why the task was skipped, when it was; <see cref="SkipReasons.GuardReturnedFalse"/> when not given.</param>
    public static TTask When<TTask>(this TTask task, Func<Results, bool> guard, string? reason = null)
        where TTask : PlanTask
    {
        ArgumentNullException.ThrowIfNull(guard);
        return Change(task, () => task.Guards = [.. task.Guards, new(guard, string.IsNullOrEmpty(reason) ? SkipReasons.GuardReturnedFalse : reason)]);
    }

    /// <summary>The task runs only if one of its direct dependencies changed something.</summary>
    public static TTask OnlyIfChanged<TTask>(this TTask task)
        where TTask : PlanTask => Change(task, () => task.RequiresChange = true);

    /// <summary>
    /// The task runs only if one of its direct dependencies failed. It also runs when that failure stops the plan:
    /// it is for recovery, and only cancelling the run keeps it from starting.
    /// </summary>
    public static TTask OnlyIfFailed<TTask>(this TTask task)
        where TTask : PlanTask => Change(task, () => task.RequiresFailure = true);

    /// <summary>What happens when the task fails.</summary>
    public static TTask OnError<TTask>(this TTask task, ErrorStrategy strategy)
        where TTask : PlanTask
    {
        ArgumentNullException.ThrowIfNull(strategy);
        return Change(task, () => task.ErrorStrategy = strategy);
    }

    /// <summary>How long the task may take, with all its retries and the waits between them. Then its token is cancelled and it has failed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not positive, or longer than a timer can run (49 days).</exception>
    public static TTask Timeout<TTask>(this TTask task, TimeSpan limit)
        where TTask : PlanTask
    {
        TimeLimits.ThrowIfNoTimer(limit);
        return Change(task, () => task.TimeLimit = limit);
    }

    /// <summary>Lets the task succeed although this many of its hosts failed. It is judged before any retry.</summary>
    public static TTask AllowHostFailures<TTask>(this TTask task, HostFailureLimit hosts)
        where TTask : PlanTask => Change(task, () => task.AllowedHostFailures = hosts);

    private static TTask Change<TTask>(TTask task, Action change)
        where TTask : PlanTask
    {
        ArgumentNullException.ThrowIfNull(task);
        task.Plan.Changing();
        change();
        return task;
    }
}
