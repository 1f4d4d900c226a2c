using Osapi.Operations;

namespace Osapi.Transport.Jobs;

/// <summary>
/// The state of one executor of a job, computed by applying the messages of its subject in log order; an unknown or
/// invalid message changes nothing.
/// </summary>
/// <remarks>Controllers and agents both decide by it, so they always agree.</remarks>
/// <param name="JobId">The job.</param>
/// <param name="Executor">The executor's key: a host's key, or <see cref="HostKey.Any"/>.</param>
/// <param name="State">The newest valid state; null before the first one.</param>
/// <param name="LastSequence">
/// The sequence of the subject's newest message, valid or not; 0 when there is none. The next message is appended after
/// it.
/// </param>
public readonly record struct ExecutorFold(JobId JobId, string Executor, ExecutorState? State, long LastSequence)
{
    /// <summary>Creates the state before the first message.</summary>
    public ExecutorFold(JobId jobId, string executor)
        : this(jobId, executor, State: null, LastSequence: 0)
    {
    }

    /// <summary>Applies the next message of the subject.</summary>
    /// <param name="message">The message.</param>
    /// <param name="skipReason">The reason why the message changes nothing; null when it became the executor's state.</param>
    public ExecutorFold Apply(Message message, out string? skipReason)
    {
        ArgumentNullException.ThrowIfNull(message);
        return JobEvent.TryParse(message, out var state, out skipReason)
            ? Apply(new ExecutorState(state, message.Sequence, message.Time), out skipReason)
            : this with { LastSequence = message.Sequence };
    }

    /// <summary>Applies the next parsed message of the subject.</summary>
    public ExecutorFold Apply(ExecutorState next, out string? skipReason)
    {
        ArgumentNullException.ThrowIfNull(next);
        skipReason = GetRejection(next.Event);
        return this with { State = skipReason is null ? next : State, LastSequence = next.Sequence };
    }

    /// <summary>Gets the reason why a state cannot come next; null when it can.</summary>
    public string? GetRejection(JobEvent next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return IsOfAnother(next) ? "it belongs to another host or job" : (State?.Event, next.Kind) switch
        {
            ({ Kind: JobEventKind.Deleted }, _) => "the job was deleted",
            (_, JobEventKind.Deleted) => null,
            (null, JobEventKind.Start or JobEventKind.Expired or JobEventKind.Cancelled) => null,
            (null, JobEventKind.Finished) when next.Starts => null,
            (null, _) => "it was not started",
            // A later run of the agent may start what an earlier run claimed but did not run.
            ({ Kind: JobEventKind.Start } start, JobEventKind.Start) => !IsSame(start, next) ? "another agent has started it" : start.Session == next.Session ? "it has already started" : null,
            ({ Kind: JobEventKind.Start } start, JobEventKind.Lost) => IsSame(start, next) ? null : "it refers to another start",
            ({ Kind: JobEventKind.Start or JobEventKind.Lost } start, JobEventKind.Finished) => IsEndOf(start, next) ? null : "it does not match the start",
            ({ Kind: JobEventKind.Start or JobEventKind.Lost }, _) => "it has already started",
            _ => "it has ended",
        };
    }

    private static bool IsSame(JobEvent start, JobEvent next) => IsSameHost(start, next) && start.Ledger == next.Ledger;

    private static bool IsSameHost(JobEvent start, JobEvent next) => start.Host is { } host && next.Host is { } other && HostKey.Of(host) == HostKey.Of(other);

    // A host that lost its ledger can only report that the outcome is unknown.
    private static bool IsEndOf(JobEvent start, JobEvent end) => IsSameHost(start, end) && (start.Ledger == end.Ledger || JobStatusRules.OutcomeOf(end) == Outcome.Unknown);

    // The subject identifies the host; the message must match it.
    private bool IsOfAnother(JobEvent next) =>
        (next.Kind is JobEventKind.Start or JobEventKind.Finished or JobEventKind.Lost && Executor != HostKey.Any && (next.Host is not { } host || HostKey.Of(host) != Executor))
        || (next.ObjectName is { } name && name != JobEntries.NameOf(JobId, Executor)
            && (next.Host is not { } owner || name != JobEntries.NameOf(HostKey.Of(owner), JobId, Executor)));
}
