namespace Osapi.Operations.Runs;

/// <summary>The kind of a signal to a runner.</summary>
internal enum RunSignalKind
{
    /// <summary>The run is to be cancelled. It comes again after each interruption of the connection.</summary>
    Cancel,

    /// <summary>Another runner has taken over, or a later run has taken the place: the runner stops.</summary>
    TakenOver,
}
