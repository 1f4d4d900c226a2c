namespace Osapi.Orchestrator.Engine;

/// <summary>The conditions of a task over its own result, or of an item of it: whether it failed, and whether it changed something.</summary>
internal readonly struct OwnConditions(PlanTask task, PlanItem? item)
{
    /// <summary>The error of a task whose condition says that it failed.</summary>
    public const string Failed = "failed_when: the condition holds";

    private readonly Func<Results, Result, bool>? fails = item?.FailedWhen ?? task.FailedCondition;
    private readonly Func<Results, Result, bool>? changes = item?.ChangedWhen ?? task.ChangedCondition;

    public bool Any => fails is not null || changes is not null;

    /// <summary>Returns the error of a result, null when it is a success, and whether it changed something.</summary>
    public (Exception? Error, bool Changed) Ask(Results results, Result own)
    {
        try
        {
            var error = fails is null ? own.Error : fails(results, own) ? own.Error ?? new TaskFailedException(Failed) : null;
            return (error, changes?.Invoke(results, own) ?? own.Changed);
        }
        catch (Exception exception)
        {
            return (exception, own.Changed);
        }
    }
}
