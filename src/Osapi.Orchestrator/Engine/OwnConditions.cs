namespace Osapi.Orchestrator.Engine;

/// <summary>Asks the conditions of a task over its own result: whether it failed, and whether it changed something.</summary>
internal static class OwnConditions
{
    /// <summary>The error of a task whose condition says that it failed.</summary>
    public const string Failed = "failed_when: the condition holds";

    /// <summary>Returns the error of a result, null when it is a success, and whether it changed something.</summary>
    public static (Exception? Error, bool Changed) Of(PlanTask task, Results results, Result own)
    {
        try
        {
            var error = task.FailedCondition is not { } fails ? own.Error : fails(results, own) ? own.Error ?? new TaskFailedException(Failed) : null;
            return (error, task.ChangedCondition?.Invoke(results, own) ?? own.Changed);
        }
        catch (Exception exception)
        {
            return (exception, own.Changed);
        }
    }
}
