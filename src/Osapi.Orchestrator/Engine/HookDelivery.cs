using System.Collections.Concurrent;

namespace Osapi.Orchestrator.Engine;

/// <summary>Calls hooks. An exception of a hook is recorded and affects neither the other hooks nor the run.</summary>
internal sealed class HookDelivery
{
    private readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Hooks hooks;
    private readonly HookQueue queue;

    // Counts the run itself and each async void hook that has not ended.
    private int pending = 1;

    public HookDelivery(Hooks hooks)
    {
        this.hooks = hooks;
        queue = new(Errors);
    }

    public ConcurrentQueue<HookError> Errors { get; } = [];

    public bool WantsPlan => hooks.BeforePlan is not null || hooks.BeforePlanAsync is not null;

    public bool WantsLevels => hooks.BeforeLevel is not null || hooks.AfterLevel is not null || hooks.BeforeLevelAsync is not null || hooks.AfterLevelAsync is not null;

    public void BeforePlan(PlanSummary summary)
    {
        Deliver(hooks.BeforePlan, hook => hook(summary), nameof(Hooks.BeforePlan));
        Enqueue(hooks.BeforePlanAsync, hook => hook(summary), nameof(Hooks.BeforePlanAsync));
    }

    public void AfterPlan(Report report)
    {
        Deliver(hooks.AfterPlan, hook => hook(report), nameof(Hooks.AfterPlan));
        Enqueue(hooks.AfterPlanAsync, hook => hook(report), nameof(Hooks.AfterPlanAsync));
    }

    public void BeforeLevel(int level, IReadOnlyList<PlanTask> tasks)
    {
        LevelStart start = new(level, tasks, tasks.Count > 1);
        Deliver(hooks.BeforeLevel, hook => hook(start), nameof(Hooks.BeforeLevel));
        Enqueue(hooks.BeforeLevelAsync, hook => hook(start), nameof(Hooks.BeforeLevelAsync));
    }

    public void AfterLevel(int level, IReadOnlyList<TaskResult> results)
    {
        LevelEnd end = new(level, results);
        Deliver(hooks.AfterLevel, hook => hook(end), nameof(Hooks.AfterLevel));
        Enqueue(hooks.AfterLevelAsync, hook => hook(end), nameof(Hooks.AfterLevelAsync));
    }

    public void BeforeTask(PlanTask task)
    {
        // A plan without the hook must not pay for the call; the same below: hence the functions of their own.
        if (hooks.BeforeTask is not null || hooks.BeforeTaskAsync is not null)
            Tell(task);

        void Tell(PlanTask task)
        {
            Deliver(hooks.BeforeTask, hook => hook(task), nameof(Hooks.BeforeTask), task);
            Enqueue(hooks.BeforeTaskAsync, hook => hook(task), nameof(Hooks.BeforeTaskAsync), task);
        }
    }

    public void AfterTask(PlanTask task, TaskResult result)
    {
        if (hooks.AfterTask is not null || hooks.AfterTaskAsync is not null)
            Tell(task, result);

        void Tell(PlanTask task, TaskResult result)
        {
            Deliver(hooks.AfterTask, hook => hook(task, result), nameof(Hooks.AfterTask), task);
            Enqueue(hooks.AfterTaskAsync, hook => hook(task, result), nameof(Hooks.AfterTaskAsync), task);
        }
    }

    public bool WantsHosts => hooks.AfterHost is not null || hooks.AfterHostAsync is not null;

    public void AfterHost(PlanTask task, HostResult result)
    {
        Deliver(hooks.AfterHost, hook => hook(task, result), nameof(Hooks.AfterHost), task);
        Enqueue(hooks.AfterHostAsync, hook => hook(task, result), nameof(Hooks.AfterHostAsync), task);
    }

    public void OnRetry(PlanTask task, FailedAttempt failed)
    {
        Deliver(hooks.OnRetry, hook => hook(task, failed), nameof(Hooks.OnRetry), task);
        Enqueue(hooks.OnRetryAsync, hook => hook(task, failed), nameof(Hooks.OnRetryAsync), task);
    }

    public void OnSkip(PlanTask task, string reason)
    {
        Deliver(hooks.OnSkip, hook => hook(task, reason), nameof(Hooks.OnSkip), task);
        Enqueue(hooks.OnSkipAsync, hook => hook(task, reason), nameof(Hooks.OnSkipAsync), task);
    }

    /// <summary>Waits for all async hooks to end.</summary>
    public Task FinishedAsync()
    {
        AsyncHookEnded();
        return Task.WhenAll(finished.Task, queue.FinishedAsync());
    }

    public void AsyncHookStarted() => Interlocked.Increment(ref pending);

    public void AsyncHookEnded()
    {
        if (Interlocked.Decrement(ref pending) == 0)
            finished.SetResult();
    }

    private void Enqueue<THook>(THook? hooks, Func<THook, ValueTask> call, string name, PlanTask? task = null)
        where THook : Delegate
    {
        foreach (var hook in Delegate.EnumerateInvocationList(hooks))
            queue.Add(name, task?.Name, () => call(hook));
    }

    private void Deliver<THook>(THook? hooks, Action<THook> call, string name, PlanTask? task = null)
        where THook : Delegate
    {
        foreach (var hook in Delegate.EnumerateInvocationList(hooks))
        {
            var previousContext = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(new HookContext(this, name, task?.Name));
            try
            {
                call(hook);
            }
            catch (Exception exception)
            {
                Errors.Enqueue(new(name, task?.Name, exception));
            }
            finally
            {
                SynchronizationContext.SetSynchronizationContext(previousContext);
            }
        }
    }
}
