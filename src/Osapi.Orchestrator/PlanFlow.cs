namespace Osapi.Orchestrator;

/// <summary>The order in which the hosts of a plan go on.</summary>
public enum PlanFlow
{
    /// <summary>A task starts when its dependencies have ended on all hosts. The default.</summary>
    Task,

    /// <summary>A task starts on a host when its dependencies have ended there, so that a slow host does not delay the others.</summary>
    Host,
}
