using Osapi.Controller.Jobs.Active;
using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>Messages of the log, applied to their jobs in memory.</summary>
internal sealed class LogBatch(JobIndex index, ActiveJobs activeJobs)
{
    private readonly Dictionary<JobId, ActiveJob> touched = [];
    private readonly HashSet<JobId> deleted = [];
    private readonly List<AppliedMessage> messages = [];

    public IReadOnlyList<AppliedMessage> Messages => messages;

    /// <summary>The changed jobs that still exist.</summary>
    public IReadOnlyCollection<ActiveJob> Touched => touched.Values;

    /// <summary>True when it deletes jobs: the read model must have it before the next message is applied.</summary>
    public bool Deletes => deleted.Count > 0;

    /// <summary>True when the job of a message may be in the read model only, which must then have all earlier messages.</summary>
    public bool NeedsIndex(JobLogEntry message) =>
        message is { Executor: not null, JobId: { } id } && !deleted.Contains(id) && !touched.ContainsKey(id) && activeJobs.Find(id) is null;

    public void Add(JobLogEntry message) => messages.Add(message switch
    {
        { Record: { Deletion: not null } left } => Delete(message, left),
        { Record: { } record } => Add(message, record),
        { Executor: { } executor } => Change(message, executor),
        _ => new(message, default),
    });

    /// <summary>Adds a later batch.</summary>
    public void Add(LogBatch later)
    {
        messages.AddRange(later.messages);
        foreach (var id in later.deleted)
        {
            touched.Remove(id);
            deleted.Add(id);
        }

        foreach (var (id, job) in later.touched)
        {
            deleted.Remove(id);
            touched[id] = job;
        }
    }

    /// <summary>Wakes the callers that wait for its jobs or their ends, before the read model has it.</summary>
    /// <remarks>The last one continues on this thread, which the others then need not wake another one for.</remarks>
    public void Wake()
    {
        ActiveJob? last = null;
        foreach (var job in touched.Values)
        {
            var isOver = job.IsOver();
            activeJobs.Wake(job);
            if (!isOver)
                continue;
            last?.Complete(here: false);
            last = job;
        }

        last?.Complete(here: true);
    }

    /// <summary>Releases its jobs once the read model has it.</summary>
    public void Publish()
    {
        foreach (var id in deleted)
            activeJobs.Remove(id);
        foreach (var job in touched.Values)
            activeJobs.Publish(job, messages[^1].Sequence);
    }

    private AppliedMessage Delete(JobLogEntry message, JobRecord left)
    {
        touched.Remove(left.Id);
        deleted.Add(left.Id);
        return new(message, default);
    }

    private AppliedMessage Add(JobLogEntry message, JobRecord record)
    {
        // An id can be used again once its tombstone is removed.
        if (!deleted.Remove(record.Id) && (touched.ContainsKey(record.Id) || activeJobs.Find(record.Id) is not null || index.Has(record.Id)))
            return new(message.Skip("the job has its record"), default);
        var job = touched[record.Id] = activeJobs.Add(record);
        return new(message, job.Phase, job);
    }

    private AppliedMessage Change(JobLogEntry message, string executor)
    {
        if (message.JobId is not { } jobId || Find(jobId) is not { } job)
            // The remaining messages of deleted jobs are expected.
            return new(message.Skip(message.SkipReason ?? (message.State?.Event.Kind == JobEventKind.Deleted ? null : "there is no such job")), default);
        var skipReason = message.State is { } state ? job.Apply(executor, state) : job.Skip(executor, message.Message.Sequence, message.SkipReason);
        if (skipReason is not null)
            return new(message.Skip(skipReason), default);
        touched[job.Record.Id] = job;
        return new(message, job.Phase);
    }

    // A lost job that ends after all is not among the active jobs any more.
    private ActiveJob? Find(JobId jobId) =>
        deleted.Contains(jobId) ? null
        : touched.TryGetValue(jobId, out var job) ? job
        : activeJobs.Find(jobId) ?? (index.Find(jobId) is { } earlier ? new ActiveJob(earlier) : null);
}
