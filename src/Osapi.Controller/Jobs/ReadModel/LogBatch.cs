using Osapi.Controller.Jobs.Active;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>A batch of messages of the log, applied to their jobs.</summary>
internal sealed class LogBatch(JobIndex index, ActiveJobs activeJobs)
{
    private readonly Dictionary<JobId, ActiveJob> touched = [];
    private readonly HashSet<JobId> deleted = [];
    private readonly List<(JobLogEntry Message, JobStatus Phase)> messages = [];

    /// <summary>
    /// The messages, each with the status of its job after it. One that changes nothing has neither a record nor a
    /// state.
    /// </summary>
    public IReadOnlyList<(JobLogEntry Message, JobStatus Phase)> Messages => messages;

    /// <summary>The changed jobs that still exist.</summary>
    public IReadOnlyCollection<ActiveJob> Touched => touched.Values;

    public void Add(JobLogEntry message) => messages.Add(message switch
    {
        { Record: { Deletion: not null } left } => Delete(message, left),
        { Record: { } record } => Add(message, record),
        { Executor: { } executor } => Change(message, executor),
        _ => (message, default),
    });

    /// <summary>Wakes the callers that wait for its jobs, once it is in the read model.</summary>
    public void Publish()
    {
        foreach (var id in deleted)
            activeJobs.Remove(id);
        foreach (var job in touched.Values)
            activeJobs.Publish(job);
    }

    private (JobLogEntry, JobStatus) Delete(JobLogEntry message, JobRecord left)
    {
        touched.Remove(left.Id);
        deleted.Add(left.Id);
        return (message, default);
    }

    private (JobLogEntry, JobStatus) Add(JobLogEntry message, JobRecord record)
    {
        // An id can be used again once its tombstone is removed.
        if (!deleted.Remove(record.Id) && (touched.ContainsKey(record.Id) || activeJobs.Find(record.Id) is not null || index.Has(record.Id)))
            return (message.Skip("the job has its record"), default);
        var job = touched[record.Id] = activeJobs.Add(record);
        return (message, job.Phase);
    }

    private (JobLogEntry, JobStatus) Change(JobLogEntry message, string executor)
    {
        if (message.JobId is not { } jobId || Find(jobId) is not { } job)
            // The remaining messages of deleted jobs are expected.
            return (message.Skip(message.SkipReason ?? (message.State?.Event.Kind == JobEventKind.Deleted ? null : "there is no such job")), default);
        var skipReason = message.State is { } state ? job.Apply(executor, state) : job.Skip(executor, message.Message.Sequence, message.SkipReason);
        if (skipReason is not null)
            return (message.Skip(skipReason), default);
        touched[job.Record.Id] = job;
        return (message, job.Phase);
    }

    // A lost job that ends after all is not among the active jobs any more.
    private ActiveJob? Find(JobId jobId) =>
        deleted.Contains(jobId) ? null
        : touched.TryGetValue(jobId, out var job) ? job
        : activeJobs.Find(jobId) ?? (index.Find(jobId) is { } earlier ? new ActiveJob(earlier) : null);
}
