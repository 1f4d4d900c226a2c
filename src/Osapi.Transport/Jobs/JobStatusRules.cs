using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Transport.Jobs;

/// <summary>The newest state of one executor, with its position in the log.</summary>
/// <param name="Event">The state.</param>
/// <param name="Sequence">The sequence of its message.</param>
/// <param name="Time">The time at which it was appended, by the store's clock.</param>
public sealed record ExecutorState(JobEvent Event, long Sequence, DateTimeOffset Time);

/// <summary>Derives the status of a job from its record and the states of its executors. Nothing else decides it.</summary>
public static class JobStatusRules
{
    /// <summary>Checks that no executor can change any more.</summary>
    public static bool IsFinished(JobRecord record, IReadOnlyDictionary<string, ExecutorState> states)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record.Executors.All(executor => states.TryGetValue(executor, out var state) && state.Event.Kind != JobEventKind.Start);
    }

    /// <summary>
    /// Gets the replies: one for each host that was expected to answer, in the record's order, then the skipped hosts.
    /// </summary>
    /// <param name="record">The job's record.</param>
    /// <param name="states">The newest state of each executor that has one; replies that are stored as objects are already loaded.</param>
    public static IReadOnlyList<HostReply> Entries(JobRecord record, IReadOnlyDictionary<string, ExecutorState> states)
    {
        ArgumentNullException.ThrowIfNull(record);
        var expected = record.AnyHost ? [(Name: HostKey.Any, Key: HostKey.Any)] : record.Hosts.Select(host => (Name: host, Key: HostKey.Of(host)));
        return
        [
            .. expected.Select(host => Entry(record, host.Name, states.GetValueOrDefault(host.Key)?.Event)),
            .. record.Skipped.Select(host => new HostReply { Hostname = host.Hostname, Outcome = Outcome.Skipped, Error = host.Reason, ErrorType = ErrorType.Unavailable }),
        ];
    }

    /// <summary>Gets the reply of one executor.</summary>
    /// <param name="record">The job.</param>
    /// <param name="executor">The executor's key.</param>
    /// <param name="state">Its newest state; a reply in an object is already loaded.</param>
    public static HostReply EntryOf(JobRecord record, string executor, JobEvent state)
    {
        ArgumentNullException.ThrowIfNull(record);
        return Entry(record, record.AnyHost ? HostKey.Any : record.Hosts.FirstOrDefault(host => HostKey.Of(host) == executor) ?? executor, state);
    }

    /// <summary>Gets the job's status.</summary>
    public static JobStatus StatusOf(JobRecord record, IReadOnlyDictionary<string, ExecutorState> states)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (!IsFinished(record, states))
            return states.Count > 0 ? JobStatus.Processing : JobStatus.Submitted;

        var outcomes = record.Executors.Select(executor => OutcomeOf(states[executor].Event)).ToList();
        var succeeded = outcomes.Count(outcome => outcome is Outcome.Ok or Outcome.Skipped);
        return succeeded == outcomes.Count ? JobStatus.Completed
            : succeeded > 0 ? JobStatus.PartialFailure
            : outcomes.All(outcome => outcome == Outcome.Cancelled) ? JobStatus.Cancelled
            : JobStatus.Failed;
    }

    /// <summary>Gets the outcome of an executor, without loading its reply.</summary>
    public static Outcome OutcomeOf(JobEvent state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Kind switch
        {
            JobEventKind.Start => Outcome.Running,
            JobEventKind.Expired => Outcome.Expired,
            JobEventKind.Cancelled => Outcome.Cancelled,
            JobEventKind.Lost => Outcome.Unknown,
            _ => state.Outcome ?? Outcome.Unknown,
        };
    }

    // The record lists the hosts; only for a job for any host, the state contains the host that took it.
    private static string Name(JobRecord record, string hostname, JobEvent state) => record.AnyHost ? state.Host ?? hostname : hostname;

    private static HostReply Entry(JobRecord record, string hostname, JobEvent? state) => state switch
    {
        null => new() { Hostname = hostname, Outcome = Outcome.Running, Error = "not started yet" },
        { Kind: JobEventKind.Finished, Entry: { } entry } => HostReply.Read(entry) with { Hostname = Name(record, hostname, state), Outcome = OutcomeOf(state) },
        { Kind: JobEventKind.Finished } => new()
        {
            Hostname = Name(record, hostname, state),
            Outcome = OutcomeOf(state),
            Error = "the result is missing or cannot be read",
            ErrorType = ErrorType.Unknown,
        },
        { Kind: JobEventKind.Start } => new() { Hostname = Name(record, hostname, state), Outcome = Outcome.Running, Error = "still running" },
        { Kind: JobEventKind.Expired } => new()
        {
            Hostname = hostname,
            Outcome = Outcome.Expired,
            Error = record.AnyHost ? $"no host started it within {record.StartWithin:0.###} s" : $"not started within {record.StartWithin:0.###} s",
            ErrorType = ErrorType.Expired,
            Reachable = state.Reachable,
        },
        { Kind: JobEventKind.Cancelled } => new()
        {
            Hostname = hostname,
            Outcome = Outcome.Cancelled,
            Error = "cancelled before it started",
            ErrorType = ErrorType.Cancelled,
        },
        _ => new()
        {
            Hostname = Name(record, hostname, state),
            Outcome = Outcome.Unknown,
            Error = "the agent stopped while it ran; it is not run again",
            ErrorType = ErrorType.Unknown,
            Reachable = state.Reachable,
        },
    };
}
