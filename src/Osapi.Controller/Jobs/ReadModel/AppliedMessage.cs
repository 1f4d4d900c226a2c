using Osapi.Controller.Jobs.Active;
using Osapi.Operations.Jobs;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>A message of the log after it was applied to its job. One that changed nothing has neither a record nor a state.</summary>
/// <param name="Entry">The message.</param>
/// <param name="Status">The status of the job after it.</param>
/// <param name="Job">The job that a record added; otherwise null.</param>
internal readonly record struct AppliedMessage(JobLogEntry Entry, JobStatus Status, ActiveJob? Job = null)
{
    public long Sequence => Entry.Message.Sequence;
}
