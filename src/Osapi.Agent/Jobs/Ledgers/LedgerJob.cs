using Osapi.Operations;

namespace Osapi.Agent.Jobs.Ledgers;

/// <summary>The phase of a job on this host.</summary>
internal enum LedgerPhase
{
    /// <summary>The agent is about to claim a job for any host; nothing has run.</summary>
    Intent = 1,

    /// <summary>The job was about to run, so it may have run and must not run again.</summary>
    Claimed = 2,

    /// <summary>The job ended; its reply is kept here until it is in the log.</summary>
    Finished = 3,

    /// <summary>The reply is in the log; only the id and the time are kept.</summary>
    Published = 4,
}

/// <summary>The record of a job.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Phase">The phase.</param>
/// <param name="Executor">The executor for which it was claimed; empty before that, and once it is published.</param>
/// <param name="Operation">The id of the operation; empty once it is published.</param>
/// <param name="StartSequence">The sequence of its start in the log; 0 before the claim, and once it is published.</param>
/// <param name="Time">The time at which it reached this phase.</param>
/// <param name="Entry">The reply; only while it is finished.</param>
internal sealed record LedgerJob(JobId JobId, LedgerPhase Phase, string Executor, string Operation, long StartSequence, DateTimeOffset Time, ReadOnlyMemory<byte>? Entry);

/// <summary>
/// The position up to which the stream of commands was read, together with the stream's creation time, because
/// sequences of a recreated stream differ.
/// </summary>
internal readonly record struct LedgerCursor(DateTimeOffset StreamCreated, long Sequence);
