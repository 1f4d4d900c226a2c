namespace Osapi.Orchestrator.Engine;

/// <summary>Calls hooks. What one throws is recorded and keeps neither the others nor the run from going on.</summary>
internal sealed class HookDelivery(Hooks hooks)
{
    public List<HookError> Errors { get; } = [];

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
        // The hooks of tasks are asked for first: a plan without them must not pay for the call.
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

    private void Deliver<THook>(THook? hooks, Action<THook> call, string name, PlanTask? task = null)
        where THook : Delegate
    {
        foreach (var hook in Delegate.EnumerateInvocationList(hooks))
        {
            try
            {
                call(hook);
            }
            catch (Exception exception)
            {
                Errors.Add(new(name, task?.Name, exception));
            }
        }
    }
}
