namespace Osapi.Operations;

/// <summary>The component that executes an operation.</summary>
public enum RunsOn
{
    /// <summary>An agent, on each target host; the call is a job.</summary>
    Host,

    /// <summary>The controller itself; there is no target and no job.</summary>
    Controller,
}
