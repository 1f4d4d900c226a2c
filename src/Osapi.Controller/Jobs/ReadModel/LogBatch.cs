using Osapi.Controller.Jobs.Active;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>A stretch of the log, applied to the jobs that it is about.</summary>
internal sealed class LogBatch(JobIndex index, ActiveJobs board)
{
    private readonly Dictionary<JobId, ActiveJob> touched = [];
    private readonly HashSet<JobId> deleted = [];
    private readonly List<(JobLogEntry Message, JobStatus Phase)> messages = [];

    /// <summary>The messages, each with the status of its job after it. One that changes nothing holds neither a record nor a state.</summary>
    public IReadOnlyList<(JobLogEntry Message, JobStatus Phase)> Messages => messages;

    /// <summary>The jobs that changed and are left.</summary>
    public IReadOnlyCollection<ActiveJob> Touched => touched.Values;

    public IReadOnlyCollection<JobId> Deleted => deleted;

    public void Add(JobLogEntry message) => messages.Add(message switch
    {
        { Record: { Deletion: not null } left } => Delete(message, left),
        { Record: { } record } => Add(message, record),
        { Executor: { } executor } => Change(message, executor),
        _ => (message, default),
    });

    private (JobLogEntry, JobStatus) Delete(JobLogEntry message, JobRecord left)
    {
        touched.Remove(left.Id);
        deleted.Add(left.Id);
        return (message, default);
    }

    private (JobLogEntry, JobStatus) Add(JobLogEntry message, JobRecord record)
    {
        // An id can be used again once its tombstone is gone.
        if (!deleted.Remove(record.Id) && (touched.ContainsKey(record.Id) || board.Find(record.Id) is not null || index.Has(record.Id)))
            return (message.PassOver("the job has its record"), default);
        var job = touched[record.Id] = board.Add(record);
        return (message, job.Phase);
    }

    private (JobLogEntry, JobStatus) Change(JobLogEntry message, string executor)
    {
        if (message.JobId is not { } jobId || Find(jobId) is not { } job)
            // What is left of deleted jobs is nothing to wonder about.
            return (message.PassOver(message.PassedOver ?? (message.State?.Event.Kind == JobEventKind.Deleted ? null : "there is no such job")), default);
        var passedOver = message.State is { } state ? job.Apply(executor, state) : job.Skip(executor, message.Message.Sequence, message.PassedOver);
        if (passedOver is not null)
            return (message.PassOver(passedOver), default);
        touched[job.Record.Id] = job;
        return (message, job.Phase);
    }

    // A lost job that ends after all is not on the board any more.
    private ActiveJob? Find(JobId jobId) =>
        deleted.Contains(jobId) ? null
        : touched.TryGetValue(jobId, out var job) ? job
        : board.Find(jobId) ?? (index.Find(jobId) is { } earlier ? new ActiveJob(earlier) : null);
}
