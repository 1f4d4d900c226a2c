using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Runs;

public static partial class RunOperations
{
    /// <summary>The route that streams the journal of a run. It is not an operation because the response is a stream of events.</summary>
    internal static HttpRoute EventsRoute { get; } = HttpRoute.Get("/run/{id}/events");

    /// <summary>The route that streams the signals to a runner.</summary>
    internal static HttpRoute SignalsRoute { get; } = HttpRoute.Get("/run/{id}/signals");

    /// <summary>The JSON contract of a message of a journal.</summary>
    internal static JsonTypeInfo<JournalBatch> BatchInfo => RunsJson.Results.JournalBatch;
}

public sealed partial class RunClient
{
    /// <summary>
    /// Follows a run: streams its journal from the start, then each new message, until the run has ended. An interrupted connection is resumed
    /// at the same position.
    /// </summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="after">A position (<see cref="JournalBatch.Position"/>); only later messages are returned; all when null.</param>
    /// <param name="cancellationToken">Stops following; the run continues.</param>
    /// <exception cref="NotSupportedException">The invoker does not support following runs.</exception>
    public IAsyncEnumerable<JournalBatch> WatchAsync(RunId id, long? after = null, CancellationToken cancellationToken = default) =>
        invoker is IRunWatcher watcher ? watcher.WatchRunAsync(id, after, cancellationToken)
            : throw new NotSupportedException($"{invoker.GetType().Name} cannot follow runs: it does not implement {nameof(IRunWatcher)}.");

    /// <summary>Listens to the signals to a runner, which is heard meanwhile.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="runner">The runner.</param>
    /// <param name="cancellationToken">Stops listening: the run counts as interrupted at once.</param>
    internal IAsyncEnumerable<RunSignal> ListenAsync(RunId id, RunId runner, CancellationToken cancellationToken) =>
        invoker is IRunSignals signals ? signals.ListenAsync(id, runner, cancellationToken)
            : throw new NotSupportedException($"{invoker.GetType().Name} cannot listen to signals: it does not implement {nameof(IRunSignals)}.");
}
