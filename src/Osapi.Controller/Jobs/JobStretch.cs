using Osapi.Operations.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>A stretch of the log, applied to the jobs that it is about.</summary>
internal sealed class JobStretch(JobIndex index, JobBoard board)
{
    private readonly Dictionary<string, ActiveJob> touched = [];
    private readonly HashSet<string> deleted = [];
    private readonly List<(LoggedMessage Message, JobPhase Phase)> messages = [];

    /// <summary>The messages, each with the status of its job after it.</summary>
    public IReadOnlyList<(LoggedMessage Message, JobPhase Phase)> Messages => messages;

    /// <summary>The jobs that changed and are left.</summary>
    public IReadOnlyCollection<ActiveJob> Touched => touched.Values;

    public IReadOnlyCollection<string> Deleted => deleted;

    public void Take(LoggedMessage message)
    {
        if (message.Record is { Deletion: not null } left)
        {
            touched.Remove(left.Id);
            deleted.Add(left.Id);
            messages.Add((message, default));
        }
        else if (message.Record is { } record)
        {
            // An id can be used again once its tombstone is gone.
            deleted.Remove(record.Id);
            var job = touched[record.Id] = board.Add(record);
            messages.Add((message, job.Phase));
        }
        else if (message.State is { } state && Find(message.JobId) is { } job)
        {
            job.Apply(message.Executor!, state);
            messages.Add((message, job.Phase));
        }
        else
        {
            messages.Add((message, default));
        }
    }

    // A lost job that ends after all is not on the board any more.
    private ActiveJob? Find(string jobId)
    {
        if (deleted.Contains(jobId))
            return null;
        if (touched.TryGetValue(jobId, out var job))
            return job;
        job = board.Find(jobId) ?? (index.Find(jobId) is { } earlier ? new ActiveJob(earlier) : null);
        return job is null ? null : touched[jobId] = job;
    }
}
