namespace Osapi.Operations.Runs;

/// <summary>A signal to the runner of a run.</summary>
public enum RunSignal
{
    /// <summary>Somebody cancels the run.</summary>
    Cancel,

    /// <summary>Another runner has taken over.</summary>
    TakenOver,
}

/// <summary>An invoker that can receive the signals to a runner.</summary>
public interface IRunSignals
{
    /// <summary>Receives the signals to the runner of a run. While they are received, the controllers count the run as going on.</summary>
    IAsyncEnumerable<RunSignal> SignalsAsync(RunId run, RunId runner, CancellationToken cancellationToken);
}

public sealed partial class RunClient
{
    /// <inheritdoc cref="IRunSignals.SignalsAsync"/>
    public IAsyncEnumerable<RunSignal> SignalsAsync(RunId run, RunId runner, CancellationToken cancellationToken = default) =>
        (invoker as IRunSignals)?.SignalsAsync(run, runner, cancellationToken) ?? throw new NotSupportedException($"{invoker.GetType().Name} cannot receive signals: it does not implement {nameof(IRunSignals)}.");
}
