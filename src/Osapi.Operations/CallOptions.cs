using Osapi.Operations.Runs;

namespace Osapi.Operations;

/// <summary>The options of one call.</summary>
public sealed record CallOptions
{
    /// <summary>The id of the job, chosen by the caller: the same id with the same request is the same job. A new id when null.</summary>
    public JobId? JobId { get; init; }

    /// <summary>The run that makes the call; null outside a run, and for an operation that makes no job.</summary>
    public RunId? Run { get; init; }

    /// <summary>The name of the run's task; null outside a run.</summary>
    public string? Task { get; init; }

    /// <summary>The maximum time until a host starts the job, 1 second to 1 hour; 10 seconds when null. A host that has not started it by then never does.</summary>
    public TimeSpan? StartWithin { get; init; }

    /// <summary>
    /// True to cancel the job when the connection drops before the response, for example because this process is killed. Cancelling
    /// the call always cancels the job.
    /// </summary>
    public bool CancelOnDisconnect { get; init; }

    /// <summary>
    /// True to predict what the call would change without changing it; see <see cref="CheckResult"/>. Read-only operations of the
    /// controller run as usual.
    /// </summary>
    public bool Check { get; init; }

    /// <summary>
    /// The size in bytes up to which the output of a command is returned whole; of a larger one the beginning and the end are, 64 KiB
    /// each, and <c>stdout_truncated</c> is true. 1 MiB when null. <see cref="Jobs.JobClient.OpenOutputAsync"/> streams all of it.
    /// </summary>
    public long? MaxOutput { get; init; }

    /// <summary>
    /// Called with the reply of each host as soon as the host has ended, before the call returns them all; on any thread, one call at a
    /// time. An invoker that cannot follow a job does not call it.
    /// </summary>
    public Action<HostReply>? HostEnded { get; init; }

    /// <summary>
    /// Receives the bytes of a large successful response as they arrive; the reply then has the beginnings of its long texts only, and no
    /// <see cref="OperationReply.RawJson"/>. Null to have all of it in the reply.
    /// </summary>
    internal Action<ReadOnlyMemory<byte>>? ResponseCopy { get; init; }
}
