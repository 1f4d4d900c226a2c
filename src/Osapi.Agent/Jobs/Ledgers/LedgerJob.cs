using Osapi.Operations;

namespace Osapi.Agent.Jobs.Ledgers;

/// <summary>How far a job has come on this host.</summary>
internal enum LedgerPhase
{
    /// <summary>The token of an any-host job is about to be tried for; nothing has run.</summary>
    Intent = 1,

    /// <summary>It was about to run, so it may have run: never again.</summary>
    Claimed = 2,

    /// <summary>It ended with the entry that is kept here until the log has it.</summary>
    Finished = 3,

    /// <summary>Its end is in the log; only its id and the time of that are still known.</summary>
    Published = 4,
}

/// <summary>What is known of a job.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Phase">How far it has come.</param>
/// <param name="Executor">The executor that it was claimed for; empty before that, and once it is published.</param>
/// <param name="Operation">The id of its operation; empty once it is published.</param>
/// <param name="StartSequence">The sequence of its start in the log; 0 before the claim, and once it is published.</param>
/// <param name="Time">When it came to this phase.</param>
/// <param name="Entry">How it ended; only while it is finished.</param>
internal sealed record LedgerJob(JobId JobId, LedgerPhase Phase, string Executor, string Operation, long StartSequence, DateTimeOffset Time, ReadOnlyMemory<byte>? Entry);

/// <summary>How far the stream of commands was read: a sequence means something only in the stream that was created then.</summary>
internal readonly record struct LedgerCursor(DateTimeOffset StreamCreated, long Sequence);
