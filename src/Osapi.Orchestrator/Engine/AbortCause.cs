namespace Osapi.Orchestrator.Engine;

/// <summary>The cause that ended a run before its tasks had ended.</summary>
internal enum AbortCause
{
    /// <summary>The run was not ended early.</summary>
    None,

    /// <summary>The caller cancelled the run.</summary>
    Caller,

    /// <summary>The plan's deadline passed.</summary>
    Deadline,
}
