using Osapi.Operations.Runs;

namespace Osapi.Orchestrator.Runs;

/// <summary>A run whose takeover is recorded already, by the controller whose process goes on with it.</summary>
/// <param name="Runner">The runner that the journal names.</param>
/// <param name="Position">The position of the takeover.</param>
/// <param name="JobsSince">The time since which accepted jobs are kept.</param>
internal sealed record ClaimedRun(RunId Runner, long Position, DateTimeOffset JobsSince)
{
    /// <summary>The position up to which cells get a new attempt; null for all of the journal.</summary>
    public long? RetryUpTo { get; init; }

    /// <summary>Cancelled when the run must stop at once, while its jobs go on.</summary>
    public CancellationToken LetGo { get; init; }
}
