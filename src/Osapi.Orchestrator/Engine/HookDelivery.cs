using System.Collections.Concurrent;

namespace Osapi.Orchestrator.Engine;

/// <summary>Calls hooks. An exception of a hook is recorded and affects neither the other hooks nor the run.</summary>
internal sealed class HookDelivery(Hooks hooks)
{
    private readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Counts the run itself and each async hook that has not ended.
    private int pending = 1;

    public ConcurrentQueue<HookError> Errors { get; } = [];

    public bool WantsPlan => hooks.BeforePlan is not null;

    public bool WantsLevels => hooks.BeforeLevel is not null || hooks.AfterLevel is not null;

    public void BeforePlan(PlanSummary summary) => Deliver(hooks.BeforePlan, hook => hook(summary), nameof(Hooks.BeforePlan));

    public void AfterPlan(Report report) => Deliver(hooks.AfterPlan, hook => hook(report), nameof(Hooks.AfterPlan));

    public void BeforeLevel(int level, IReadOnlyList<PlanTask> tasks) =>
        Deliver(hooks.BeforeLevel, hook => hook(level, tasks, tasks.Count > 1), nameof(Hooks.BeforeLevel));

    public void AfterLevel(int level, IReadOnlyList<TaskResult> results) =>
        Deliver(hooks.AfterLevel, hook => hook(level, results), nameof(Hooks.AfterLevel));

    public void BeforeTask(PlanTask task)
    {
        // A plan without the hook must not pay for the call; the same below.
        if (hooks.BeforeTask is not null)
            Deliver(hooks.BeforeTask, hook => hook(task), nameof(Hooks.BeforeTask), task);
    }

    public void AfterTask(PlanTask task, TaskResult result)
    {
        if (hooks.AfterTask is not null)
            Deliver(hooks.AfterTask, hook => hook(task, result), nameof(Hooks.AfterTask), task);
    }

    public void OnRetry(PlanTask task, int attempt, Exception error) =>
        Deliver(hooks.OnRetry, hook => hook(task, attempt, error), nameof(Hooks.OnRetry), task);

    public void OnSkip(PlanTask task, string reason) => Deliver(hooks.OnSkip, hook => hook(task, reason), nameof(Hooks.OnSkip), task);

    /// <summary>Waits for all async hooks to end.</summary>
    public Task FinishedAsync()
    {
        AsyncHookEnded();
        return finished.Task;
    }

    public void AsyncHookStarted() => Interlocked.Increment(ref pending);

    public void AsyncHookEnded()
    {
        if (Interlocked.Decrement(ref pending) == 0)
            finished.SetResult();
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
