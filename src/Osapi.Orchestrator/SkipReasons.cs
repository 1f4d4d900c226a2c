namespace Osapi.Orchestrator;

/// <summary>The reasons for skipping a task, unless its guard has a reason of its own.</summary>
public static class SkipReasons
{
    /// <summary>A dependency failed, or was skipped because of a failure before it.</summary>
    public const string DependencyFailed = "dependency failed";

    /// <summary>The task runs only after a failure, and there was none.</summary>
    public const string NoDependenciesFailed = "no dependencies failed";

    /// <summary>The task runs only after a change, and there was none.</summary>
    public const string NoDependenciesChanged = "no dependencies changed";

    /// <summary>A guard without a reason of its own returned false.</summary>
    public const string GuardReturnedFalse = "guard returned false";
}
