using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>A message of the log, read: a job's record, a state of one of its executors, or something that is neither.</summary>
/// <param name="Message">The message.</param>
/// <param name="JobId">The job; empty when it is about none.</param>
/// <param name="Record">The job's record, when that is what it is.</param>
/// <param name="Executor">Whose state it is, when it is one.</param>
/// <param name="State">The state.</param>
internal sealed record LoggedMessage(Message Message, string JobId, JobRecord? Record, string? Executor, ExecutorState? State)
{
    private static readonly string RecordPrefix = Subjects.Record("");

    public static LoggedMessage Read(Message message)
    {
        if (Subjects.ParseState(message.Subject) is var (jobId, executor))
            return new(message, jobId, null, executor, new(JobJson.Event(message.Payload), message.Sequence, message.Time));
        if (!message.Subject.StartsWith(RecordPrefix, StringComparison.Ordinal))
            return new(message, "", null, null, null);
        var record = JobJson.Record(message.Payload);
        return new(message, record.Id, record, null, null);
    }
}
