using System.Collections.Concurrent;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.Active;

/// <summary>
/// The jobs whose end the read model does not have, in memory, for waiting callers and deadlines. Only the follower of
/// the log adds and removes them.
/// </summary>
internal sealed class ActiveJobs(TimeProvider time)
{
    private readonly ConcurrentDictionary<JobId, ActiveJob> active = new();
    private readonly Dictionary<JobId, List<JobWaiter>> expected = [];
    private const string Stopping = "the controller is stopping";
    private readonly Lock gate = new();
    private bool closed;

    /// <summary>Raised on the follower for each added job.</summary>
    public event Action<ActiveJob>? Added;

    /// <summary>Called on the follower once for each job that is over.</summary>
    public event Action<ActiveJob>? Ended;

    public IEnumerable<ActiveJob> Active => active.Values;

    public ActiveJob? Find(JobId id) => active.GetValueOrDefault(id);

    /// <summary>
    /// Waits for a job that is not there yet. A caller that calls this before it looks for the job cannot miss it.
    /// </summary>
    public JobWaiter WaitForAsync(JobId id)
    {
        JobWaiter waiter = new(this, id);
        lock (gate)
        {
            if (closed)
                waiter.Fail(Stopping);
            else if (expected.TryGetValue(id, out var others))
                others.Add(waiter);
            else
                expected[id] = [waiter];
        }

        return waiter;
    }

    /// <summary>True while a caller waits for the job to be added.</summary>
    public bool IsExpected(JobId id)
    {
        lock (gate)
            return expected.ContainsKey(id);
    }

    public ActiveJob Add(JobRecord record) => Add(new ActiveJob(record));

    public ActiveJob Add(ActiveJob added)
    {
        added.AddedAt = time.GetTimestamp();
        var job = active.GetOrAdd(added.Record.Id, added);
        if (ReferenceEquals(job, added))
            Added?.Invoke(job);
        return job;
    }

    /// <summary>Wakes the callers that wait for a job.</summary>
    public void Wake(ActiveJob job)
    {
        lock (gate)
            if (expected.Remove(job.Record.Id, out var waiting))
                foreach (var waiter in waiting)
                    waiter.SetResult(job);
    }

    /// <summary>Wakes the readers of a job after the read model has its changes up to a sequence, and removes the job when its end is among them.</summary>
    public void Publish(ActiveJob job, long upTo)
    {
        // A lost job was over before its late end arrives.
        var wasOver = job.IsRecorded;
        job.Publish(upTo);
        if (!job.IsRecorded)
            return;
        active.TryRemove(job.Record.Id, out _);
        if (!wasOver)
            Ended?.Invoke(job);
    }

    /// <summary>Removes a deleted job, and ends the waits for it.</summary>
    public void Remove(JobId id) => Remove(id, lost: null);

    private void Remove(JobId id, string? lost)
    {
        if (active.TryRemove(id, out var job))
            job.MarkRemoved(lost);
    }

    /// <summary>Removes all jobs, and fails all waits.</summary>
    /// <param name="reason">The reason.</param>
    public void Clear(string reason)
    {
        foreach (var id in active.Keys)
            Remove(id, $"job {id} is not known any more: {reason}");
        lock (gate)
        {
            foreach (var waiter in expected.Values.SelectMany(waiting => waiting))
                waiter.Fail(reason);
            expected.Clear();
        }
    }

    /// <summary>Fails all waits, because no job will be added any more.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            foreach (var waiter in expected.Values.SelectMany(waiting => waiting))
                waiter.Fail(Stopping);
            expected.Clear();
        }
    }

    private void Forget(JobWaiter waiter)
    {
        lock (gate)
            if (expected.TryGetValue(waiter.JobId, out var waiting) && waiting.Remove(waiter) && waiting.Count == 0)
                expected.Remove(waiter.JobId);
    }

    /// <summary>A wait for a job to be added.</summary>
    internal sealed class JobWaiter(ActiveJobs activeJobs, JobId jobId) : IDisposable
    {
        private readonly TaskCompletionSource<ActiveJob> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public JobId JobId => jobId;

        /// <exception cref="TransportException">The controller stops before it has seen the job.</exception>
        public Task<ActiveJob> Task => completion.Task;

        public void SetResult(ActiveJob job) => completion.TrySetResult(job);

        public void Fail(string reason) => completion.TrySetException(new TransportException(reason));

        public void Dispose() => activeJobs.Forget(this);
    }
}
