namespace Osapi.Operations;

/// <summary>Who executes an operation.</summary>
public enum RunsOn
{
    /// <summary>An agent, on each host the target names; the call becomes a job.</summary>
    Host,

    /// <summary>The controller itself; there is no target and no job.</summary>
    Controller,
}
