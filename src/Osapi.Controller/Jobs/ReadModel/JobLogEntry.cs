using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>A parsed message of the log: a job's record, a state of one of its executors, or neither.</summary>
/// <param name="Message">The message.</param>
/// <param name="JobId">The job; null for none.</param>
/// <param name="Record">The job's record, if it is one.</param>
/// <param name="Executor">The executor of the state, if it is one.</param>
/// <param name="State">The state.</param>
/// <param name="SkipReason">
/// The reason why it changes nothing; null when it is applied, and for messages that are not about jobs.
/// </param>
internal sealed record JobLogEntry(Message Message, JobId? JobId, JobRecord? Record, string? Executor, ExecutorState? State, string? SkipReason = null)
{
    /// <summary>The prefix of the subjects of the follower's markers.</summary>
    public const string MarkerPrefix = "mark.";

    private const string RecordPrefix = "job.";

    /// <summary>Parses a message; an invalid one has the reason.</summary>
    public static JobLogEntry Read(Message message)
    {
        string? reason;
        if (Subjects.ParseState(message.Subject) is var (jobId, executor))
            return JobEvent.TryParse(message, out var state, out reason)
                ? new(message, jobId, null, executor, new(state, message.Sequence, message.Time))
                : new(message, jobId, null, executor, null, reason);
        if (message.Subject.StartsWith(RecordPrefix, StringComparison.Ordinal))
        {
            if (!Osapi.Operations.JobId.TryParseCanonical(message.Subject[RecordPrefix.Length..], out var id))
                return new(message, null, null, null, null, "it has the id of another job");
            return JobRecord.TryParse(id, message, out var record, out reason)
                ? new(message, id, record, null, null)
                : new(message, null, null, null, null, reason);
        }

        return new(message, null, null, null, null, message.Subject.StartsWith(MarkerPrefix, StringComparison.Ordinal) ? null : "this version does not know the subject");
    }

    /// <summary>Returns the message as one that changes nothing.</summary>
    public JobLogEntry Skip(string? reason) => this with { Record = null, State = null, SkipReason = reason };
}
