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
