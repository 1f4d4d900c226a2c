namespace Osapi.Operations.Runs;

/// <summary>An invoker that can follow runs.</summary>
public interface IRunWatcher
{
    /// <summary>Follows the journal of a run until the run has ended.</summary>
    /// <param name="id">The run.</param>
    /// <param name="after">Only messages after this position; null for all.</param>
    /// <param name="cancellationToken">Stops following.</param>
    IAsyncEnumerable<JournalBatch> WatchRunAsync(RunId id, long? after, CancellationToken cancellationToken);
}
