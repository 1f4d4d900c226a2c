namespace Osapi.Operations.Runs;

/// <summary>An invoker that can listen to the signals to a runner. While somebody listens, the runner is heard.</summary>
internal interface IRunSignals
{
    /// <summary>Listens until the run has ended or another runner has taken over. An interrupted connection is made again.</summary>
    /// <param name="id">The run.</param>
    /// <param name="runner">The runner.</param>
    /// <param name="cancellationToken">Stops listening.</param>
    IAsyncEnumerable<RunSignal> ListenAsync(RunId id, RunId runner, CancellationToken cancellationToken);
}

/// <summary>A signal to a runner.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="By">The caller that wants it, or the run that takes the place; null when it is not known.</param>
internal sealed record RunSignal(RunSignalKind Kind, string? By);

/// <summary>The kind of a signal to a runner.</summary>
internal enum RunSignalKind
{
    /// <summary>The run is to be cancelled. It comes again after each interruption of the connection.</summary>
    Cancel,

    /// <summary>Another runner has taken over, or a later run has taken the place: the runner stops.</summary>
    TakenOver,
}
