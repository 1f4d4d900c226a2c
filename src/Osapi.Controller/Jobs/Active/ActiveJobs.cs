using System.Collections.Concurrent;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.Active;

/// <summary>The jobs that are not over, in memory: what waiting callers and deadlines look at. Only the follower puts them up and takes them down.</summary>
internal sealed class ActiveJobs
{
    private readonly ConcurrentDictionary<string, ActiveJob> active = new();
    private readonly Dictionary<string, List<JobWaiter>> expected = [];
    private const string Stopping = "the controller is stopping";
    private readonly Lock gate = new();
    private bool closed;

    /// <summary>Called on the follower for each job that appears.</summary>
    public event Action<ActiveJob>? Added;

    /// <summary>Called on the follower once for each job that is over.</summary>
    public event Action<ActiveJob>? Ended;

    public IEnumerable<ActiveJob> Active => active.Values;

    public ActiveJob? Find(string id) => active.GetValueOrDefault(id);

    /// <summary>Waits for a job that is not there yet. Whoever expects it before it looks for it cannot miss it.</summary>
    public JobWaiter WaitForAsync(string id)
    {
        JobWaiter expectation = new(this, id);
        lock (gate)
        {
            if (closed)
                expectation.Fail(Stopping);
            else if (expected.TryGetValue(id, out var others))
                others.Add(expectation);
            else
                expected[id] = [expectation];
        }

        return expectation;
    }

    /// <summary>True while somebody waits for the job to appear.</summary>
    public bool IsExpected(string id)
    {
        lock (gate)
            return expected.ContainsKey(id);
    }

    public ActiveJob Add(JobRecord record) => Add(new ActiveJob(record));

    public ActiveJob Add(ActiveJob added)
    {
        var job = active.GetOrAdd(added.Record.Id, added);
        if (ReferenceEquals(job, added))
            Added?.Invoke(job);
        return job;
    }

    /// <summary>The read model has everything that was applied to the job: now those who wait may see it.</summary>
    public void Publish(ActiveJob job)
    {
        // A lost job whose end comes after all was over before.
        var wasOver = job.IsOver;
        job.Publish();
        if (job.IsOver)
        {
            active.TryRemove(job.Record.Id, out _);
            if (!wasOver)
                Ended?.Invoke(job);
        }

        lock (gate)
            if (expected.Remove(job.Record.Id, out var waiting))
                foreach (var expectation in waiting)
                    expectation.SetResult(job);
    }

    /// <summary>The job was deleted, also for those who wait for it to appear.</summary>
    public void Remove(string id) => Remove(id, lost: null);

    private void Remove(string id, string? lost)
    {
        if (active.TryRemove(id, out var job))
            job.MarkRemoved(lost);
    }

    /// <summary>Nothing is known of any job any more, and whoever waits for one is told.</summary>
    /// <param name="reason">What happened.</param>
    public void Clear(string reason)
    {
        foreach (var id in active.Keys)
            Remove(id, $"nothing is known of job {id} any more: {reason}");
        lock (gate)
        {
            foreach (var expectation in expected.Values.SelectMany(waiting => waiting))
                expectation.Fail(reason);
            expected.Clear();
        }
    }

    /// <summary>Nothing will appear any more.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            foreach (var expectation in expected.Values.SelectMany(waiting => waiting))
                expectation.Fail(Stopping);
            expected.Clear();
        }
    }

    private void Forget(JobWaiter expectation)
    {
        lock (gate)
            if (expected.TryGetValue(expectation.JobId, out var waiting) && waiting.Remove(expectation) && waiting.Count == 0)
                expected.Remove(expectation.JobId);
    }

    /// <summary>Somebody who waits for a job to appear.</summary>
    internal sealed class JobWaiter(ActiveJobs board, string jobId) : IDisposable
    {
        private readonly TaskCompletionSource<ActiveJob> met = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string JobId => jobId;

        /// <exception cref="TransportException">The controller stops before it has seen the job.</exception>
        public Task<ActiveJob> Task => met.Task;

        public void SetResult(ActiveJob job) => met.TrySetResult(job);

        public void Fail(string reason) => met.TrySetException(new TransportException($"{reason}; job {jobId} may have been accepted: ask for it again"));

        public void Dispose() => board.Forget(this);
    }
}
