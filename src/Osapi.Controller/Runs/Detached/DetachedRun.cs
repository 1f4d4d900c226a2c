using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs.Detached;

/// <summary>Runs a detached plan in this process.</summary>
/// <returns>The reason why the plan can never be run; null when the run has ended, or another runner has it.</returns>
internal delegate Task<string?> DetachedRunner(DetachedRun run);

/// <summary>A detached run that this controller has taken over.</summary>
/// <param name="Id">The run.</param>
/// <param name="Runner">The runner, which the journal names already.</param>
/// <param name="Inputs">The inputs that were handed over.</param>
internal sealed record DetachedRun(RunId Id, RunId Runner, DetachedInputs Inputs)
{
    /// <summary>The position of the takeover.</summary>
    public required long Position { get; init; }

    /// <summary>The time since which accepted jobs are kept: one that was accepted before may have been removed.</summary>
    public required DateTimeOffset JobsSince { get; init; }

    /// <summary>The position up to which cells that did not succeed are tried again; null when none are.</summary>
    public long? RetryUpTo { get; init; }

    /// <summary>Returns the token with which the plan calls: that of the run's caller.</summary>
    public required Func<CancellationToken, ValueTask<string>> Token { get; init; }

    /// <summary>Opens the content of a local file of the plan; null when it is gone.</summary>
    public required Func<StagedFile, CancellationToken, Task<Stream?>> Open { get; init; }

    /// <summary>Cancelled when somebody cancels the run: the plan is cancelled, and its tasks that always run are run.</summary>
    public CancellationToken Cancelled { get; init; }

    /// <summary>Cancelled when this process must let go of the run: it stops at once, and the jobs go on.</summary>
    public CancellationToken LetGo { get; init; }
}
