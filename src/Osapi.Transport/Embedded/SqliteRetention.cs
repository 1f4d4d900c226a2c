using Microsoft.Extensions.Logging;

namespace Osapi.Transport.Embedded;

/// <summary>Removes expired messages and objects, when the store is opened and every few minutes.</summary>
internal sealed partial class SqliteRetention(EmbeddedOptions options, IReadOnlyDictionary<StreamName, SqliteLog> logs, SqliteObjects results, SqliteObjects requests, GroupCommitWriter writer, StoreClock clock)
{
    /// <summary>The time between two sweeps.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    // Small batches, so that appends in between wait only milliseconds.
    private const int BatchSize = 1000;

    private readonly ILogger logger = options.Logger;

    public Task RunAsync(CancellationToken cancellationToken) =>
        PeriodicLoop.RunAsync(Interval, options.TimeProvider, PruneAsync, failure => LogFailed(failure, options.Directory, Interval), cancellationToken);

    public async Task PruneAsync(CancellationToken cancellationToken)
    {
        foreach (var (stream, log) in logs)
            while (options.Keep(stream) is { } keep && await writer.RunAsync(session => log.Prune(session, clock.Now - keep, BatchSize), committed: null, cancellationToken))
            {
            }

        foreach (var name in results.Before(clock.Now - options.KeepResults))
            await results.DeleteAsync(name, cancellationToken);
        foreach (var name in requests.Before(clock.Now - options.KeepJobs))
            await requests.DeleteAsync(name, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Removing expired messages from the store in {Directory} failed; next attempt in {Every}")]
    private partial void LogFailed(Exception failure, string directory, TimeSpan every);
}
