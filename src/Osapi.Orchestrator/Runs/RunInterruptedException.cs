using Osapi.Operations.Runs;

namespace Osapi.Orchestrator;

/// <summary>
/// The exception for a run whose journal can no longer be written: another runner has taken over, or the controller was not reachable for a minute.
/// The jobs that it has made go on. The run can be resumed.
/// </summary>
public sealed class RunInterruptedException : Exception
{
    internal RunInterruptedException(RunId run, string message, Exception? inner)
        : base(message, inner) => Run = run;

    /// <summary>The run.</summary>
    public RunId Run { get; }
}
