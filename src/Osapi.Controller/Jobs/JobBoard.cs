using System.Collections.Concurrent;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>The jobs that are not over, in memory: what waiting callers and deadlines look at.</summary>
internal sealed class JobBoard
{
    private readonly ConcurrentDictionary<string, ActiveJob> active = new();

    /// <summary>Called on the follower for each job that appears.</summary>
    public event Action<ActiveJob>? Appeared;

    public IEnumerable<ActiveJob> Active => active.Values;

    public ActiveJob? Find(string id) => active.GetValueOrDefault(id);

    /// <summary>The job, added when the caller knows of it before the follower does.</summary>
    public ActiveJob Add(JobRecord record)
    {
        ActiveJob added = new(record);
        var job = active.GetOrAdd(record.Id, added);
        if (ReferenceEquals(job, added))
            Appeared?.Invoke(job);
        return job;
    }

    public void Apply(string jobId, string executor, ExecutorState state)
    {
        if (active.TryGetValue(jobId, out var job))
        {
            job.Apply(executor, state);
            if (job.IsOver)
                active.TryRemove(jobId, out _);
        }
    }
}
