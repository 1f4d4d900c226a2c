using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>A message of the log, parsed: a job's record, a state of one of its executors, or something that is neither.</summary>
/// <param name="Message">The message.</param>
/// <param name="JobId">The job; null when it is about none.</param>
/// <param name="Record">The job's record, when that is what it is.</param>
/// <param name="Executor">Whose state it is, when it is one.</param>
/// <param name="State">The state.</param>
/// <param name="PassedOver">Why it changes nothing; null when it does, and when nothing was to be expected of it.</param>
internal sealed record JobLogEntry(Message Message, JobId? JobId, JobRecord? Record, string? Executor, ExecutorState? State, string? PassedOver = null)
{
    /// <summary>What the subject of the follower's own marks begins with.</summary>
    public const string Mark = "mark.";

    private const string RecordPrefix = "job.";

    /// <summary>Parses a message; what is not understood says why.</summary>
    public static JobLogEntry Read(Message message)
    {
        string? reason;
        if (Subjects.ParseState(message.Subject) is var (jobId, executor))
            return JobEvent.TryParse(message.Payload, out var state, out reason)
                ? new(message, jobId, null, executor, new(state, message.Sequence, message.Time))
                : new(message, jobId, null, executor, null, reason);
        if (message.Subject.StartsWith(RecordPrefix, StringComparison.Ordinal))
        {
            if (!Osapi.Operations.JobId.TryParseCanonical(message.Subject[RecordPrefix.Length..], out var id))
                return new(message, null, null, null, null, "it has the id of another job");
            return JobRecord.TryParse(id, message.Payload, out var record, out reason)
                ? new(message, id, record, null, null)
                : new(message, null, null, null, null, reason);
        }

        return new(message, null, null, null, null, message.Subject.StartsWith(Mark, StringComparison.Ordinal) ? null : "this version does not know the subject");
    }

    /// <summary>The same as a message that changes nothing.</summary>
    public JobLogEntry PassOver(string? reason) => this with { Record = null, State = null, PassedOver = reason };
}
