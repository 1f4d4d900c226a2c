namespace Osapi.Orchestrator.Engine;

/// <summary>The event that ended a run before its tasks had ended.</summary>
internal enum AbortCause
{
    /// <summary>There was none.</summary>
    None,

    /// <summary>The caller cancelled the run.</summary>
    Caller,

    /// <summary>The plan's deadline passed.</summary>
    Deadline,
}
