namespace Osapi.Orchestrator;

/// <summary>
/// The modifiers of a task. Each returns the task, so that they can be chained; each throws <see cref="InvalidOperationException"/>
/// while the plan runs.
/// </summary>
public static class PlanTaskModifiers
{
    /// <summary>
    /// Makes a task that had started when a recorded run was interrupted fail instead of being called again, because it is not known whether its
    /// body has run. Without it, functions run at least once. A task on hosts never runs twice, with it or without.
    /// </summary>
    public static TTask Once<TTask>(this TTask task)
        where TTask : PlanTask => Change(task, () => task.RunsOnce = true);

    /// <summary>Makes the task start only when the given tasks have ended.</summary>
    public static TTask DependsOn<TTask>(this TTask task, params IEnumerable<PlanTask> tasks)
        where TTask : PlanTask
    {
        ArgumentNullException.ThrowIfNull(tasks);
        return Change(task, () => task.DependencyList.AddRange(tasks));
    }

    /// <summary>
    /// Makes the task run only if the condition holds; several conditions must all hold. A task with a guard can also run after a
    /// failed dependency, so check the status of the results that it reads.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="guard">The condition over the results of earlier tasks. It runs on the loop that runs the plan and should not block.</param>
    /// <param name="reason">The reason for skipping the task; default: <see cref="SkipReasons.GuardReturnedFalse"/>.</param>
    public static TTask When<TTask>(this TTask task, Func<Results, bool> guard, string? reason = null)
        where TTask : PlanTask
    {
        ArgumentNullException.ThrowIfNull(guard);
        return Change(task, () => task.Guards = [.. task.Guards, new(guard, HoldsOn: null, ReasonOf(reason))]);
    }

    /// <summary>
    /// Makes the task run on a host only if the condition holds there; several conditions must all hold. The results that it sees are
    /// those of this host, and of tasks without hosts.
    /// </summary>
    /// <param name="task">The task, which runs on hosts.</param>
    /// <param name="guard">The condition over the results of earlier tasks and the name of the host. It runs on the loop that runs the plan and should not block.</param>
    /// <param name="reason">The reason for skipping the host; default: <see cref="SkipReasons.GuardReturnedFalse"/>.</param>
    public static TTask When<TTask>(this TTask task, Func<Results, string, bool> guard, string? reason = null)
        where TTask : PlanTask
    {
        ArgumentNullException.ThrowIfNull(guard);
        return Change(task, () => task.Guards = [.. task.Guards, new(Holds: null, guard, ReasonOf(reason))]);
    }

    /// <summary>
    /// Makes the task run only if an earlier task has one of these statuses: on the same host, if both tasks have it, otherwise as a whole.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="earlier">A direct or indirect dependency.</param>
    /// <param name="statuses">The statuses.</param>
    /// <param name="reason">The reason for skipping the task; default: <see cref="SkipReasons.GuardReturnedFalse"/>.</param>
    public static TTask When<TTask>(this TTask task, PlanTask earlier, IReadOnlyCollection<Status> statuses, string? reason = null)
        where TTask : PlanTask
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(statuses);
        return Change(task, () => task.Guards = [.. task.Guards, new(Holds, task.RunsOnHosts ? (results, _) => Holds(results) : null, ReasonOf(reason))]);

        bool Holds(Results results) => results.Get(earlier) is { } result && statuses.Contains(result.Status);
    }

    /// <summary>Makes the task run only if one of its direct dependencies changed something.</summary>
    public static TTask OnlyIfChanged<TTask>(this TTask task)
        where TTask : PlanTask => Change(task, () => task.RequiresChange = true);

    /// <summary>
    /// Makes the task run only if one of its direct dependencies failed. Such a recovery task also runs when that failure stops the
    /// plan; only cancelling the run prevents it.
    /// </summary>
    public static TTask OnlyIfFailed<TTask>(this TTask task)
        where TTask : PlanTask => Change(task, () => task.RequiresFailure = true);

    /// <summary>
    /// Makes the task run once all its dependencies have ended: after a failure, and after the run was stopped, cancelled or out of time
    /// too. It runs if one of them started, on a host that they have only if one started there. After a cancellation all such tasks
    /// together have <see cref="PlanOptions.AlwaysTimeout"/>.
    /// </summary>
    public static TTask Always<TTask>(this TTask task)
        where TTask : PlanTask => Change(task, () => task.RunsAlways = true);

    /// <summary>Sets the error strategy of the task.</summary>
    public static TTask OnError<TTask>(this TTask task, ErrorStrategy strategy)
        where TTask : PlanTask
    {
        ArgumentNullException.ThrowIfNull(strategy);
        return Change(task, () => task.ErrorStrategy = strategy);
    }

    /// <summary>Sets the time limit of the task, including all retries and the delays between them. After it, the token is cancelled and the task has failed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not positive, or longer than a timer supports (49 days).</exception>
    public static TTask Timeout<TTask>(this TTask task, TimeSpan limit)
        where TTask : PlanTask
    {
        TimeLimits.ThrowIfNoTimer(limit);
        return Change(task, () => task.TimeLimit = limit);
    }

    /// <summary>
    /// Makes the condition decide whether the task changed something, on each host by itself, instead of what its result says. It is
    /// not asked where there is no result: after a failure without one, on a skipped host, in a check.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="condition">
    /// The condition over the task's own result, that of one host for a task on hosts. For a function it runs on the thread of the
    /// body, otherwise on the loop that runs the plan, and should not block. An exception fails the task there.
    /// </param>
    public static TTask ChangedWhen<TTask>(this TTask task, Func<Result, bool> condition)
        where TTask : PlanTask
    {
        ArgumentNullException.ThrowIfNull(condition);
        return task.ChangedWhen((_, own) => condition(own));
    }

    /// <summary>As <see cref="ChangedWhen{TTask}(TTask, Func{Result, bool})"/>, with the results of earlier tasks.</summary>
    public static TTask ChangedWhen<TTask>(this TTask task, Func<Results, Result, bool> condition)
        where TTask : PlanTask
    {
        ArgumentNullException.ThrowIfNull(condition);
        return Change(task, () => task.ChangedCondition = condition);
    }

    /// <summary>
    /// Makes the condition decide whether the task failed, on each host by itself: a result that is a success fails when it holds, and
    /// a failure that has a result, such as an exit code, is a success when it does not. Its retries, strategy and limits follow.
    /// </summary>
    /// <inheritdoc cref="ChangedWhen{TTask}(TTask, Func{Result, bool})"/>
    public static TTask FailedWhen<TTask>(this TTask task, Func<Result, bool> condition)
        where TTask : PlanTask
    {
        ArgumentNullException.ThrowIfNull(condition);
        return task.FailedWhen((_, own) => condition(own));
    }

    /// <summary>As <see cref="FailedWhen{TTask}(TTask, Func{Result, bool})"/>, with the results of earlier tasks.</summary>
    public static TTask FailedWhen<TTask>(this TTask task, Func<Results, Result, bool> condition)
        where TTask : PlanTask
    {
        ArgumentNullException.ThrowIfNull(condition);
        return Change(task, () => task.FailedCondition = condition);
    }

    /// <summary>Sets the time within which each host must start the operation; a host that has not started it by then never does. Default: 10 seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is shorter than a second or longer than an hour.</exception>
    public static TTask StartWithin<TTask>(this TTask task, TimeSpan limit)
        where TTask : PlanTask
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, TimeSpan.FromHours(1));
        return Change(task, () => task.StartLimit = limit);
    }

    /// <summary>
    /// Lets the task succeed when at most this many of its hosts failed. This is checked before any retry. The failed hosts do not take
    /// part in the tasks that depend on it.
    /// </summary>
    public static TTask AllowHostFailures<TTask>(this TTask task, HostFailureLimit hosts)
        where TTask : PlanTask => Change(task, () => task.AllowedHostFailures = hosts);

    /// <summary>
    /// Makes the task fail as a whole when more than this many of its hosts failed: no further host starts, and its error strategy acts.
    /// 0 stops at the first. Without a limit, or <see cref="AllowHostFailures"/>, a task fails as a whole when it failed on all hosts.
    /// </summary>
    public static TTask MaxHostFailures<TTask>(this TTask task, HostFailureLimit hosts)
        where TTask : PlanTask => Change(task, () => task.FailedHostsLimit = hosts);

    /// <summary>Lets the target match no host: the task is skipped then. Otherwise such a target is an error of the plan.</summary>
    public static TTask AllowEmpty<TTask>(this TTask task)
        where TTask : PlanTask => Change(task, () => task.AllowsNoHosts = true);

    /// <summary>Adds tags, words by which a <see cref="PlanSelection"/> can select the task.</summary>
    public static TTask Tagged<TTask>(this TTask task, params IEnumerable<string> tags)
        where TTask : PlanTask
    {
        ArgumentNullException.ThrowIfNull(tags);
        return Change(task, () => task.Tags = [.. task.Tags.Concat(tags).Distinct()]);
    }

    private static string ReasonOf(string? reason) => string.IsNullOrEmpty(reason) ? SkipReasons.GuardReturnedFalse : reason;

    private static TTask Change<TTask>(TTask task, Action change)
        where TTask : PlanTask
    {
        ArgumentNullException.ThrowIfNull(task);
        task.Plan.Changing();
        change();
        return task;
    }
}
