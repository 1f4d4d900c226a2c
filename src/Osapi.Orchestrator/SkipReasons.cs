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

    /// <summary>The task always runs after its dependencies, but none of them started.</summary>
    public const string NoDependenciesStarted = "no dependencies started";

    /// <summary>The target matches no host, or the task on whose hosts this one runs started on none.</summary>
    public const string NoHosts = "no hosts";

    /// <summary>The host was drained when the run began, or is drained since: the controller refused an earlier task there.</summary>
    public const string HostDrained = "the host is drained";

    /// <summary>The task is called once for each item, and there is none, or none whose conditions hold.</summary>
    public const string NoItems = "no items";

    /// <summary>The task, or its host, is not part of the run's <see cref="PlanSelection"/>.</summary>
    public const string NotSelected = "not selected";

    /// <summary>A guard without a reason of its own returned false.</summary>
    public const string GuardReturnedFalse = "guard returned false";
}
