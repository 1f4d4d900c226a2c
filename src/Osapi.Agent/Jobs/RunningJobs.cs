using Osapi.Operations;

namespace Osapi.Agent.Jobs;

/// <summary>The waiting and running jobs of this agent, which can be cancelled and awaited.</summary>
/// <param name="cancelAll">Cancels all of them.</param>
internal sealed class RunningJobs(CancellationToken cancelAll)
{
    private readonly Lock gate = new();
    private readonly Dictionary<JobId, RunningJob> jobs = [];
    private TaskCompletionSource? idle;

    /// <summary>True when there is none.</summary>
    public bool IsIdle
    {
        get { lock (gate) return jobs.Count == 0; }
    }

    /// <summary>Waits until there is none.</summary>
    public Task IdleAsync(CancellationToken cancellationToken)
    {
        lock (gate)
            return jobs.Count == 0 ? Task.CompletedTask : (idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(cancellationToken);
    }

    /// <summary>Adds a job; null when it is already there. Disposing the result removes it.</summary>
    public RunningJob? TryAdd(JobId jobId)
    {
        lock (gate)
        {
            if (jobs.ContainsKey(jobId))
                return null;
            return jobs[jobId] = new(this, jobId, cancelAll);
        }
    }

    /// <summary>Cancels a job; completes when the cancellation callbacks have run.</summary>
    public Task CancelAsync(JobId jobId)
    {
        RunningJob? job;
        lock (gate)
            job = jobs.GetValueOrDefault(jobId);
        return job?.CancelAsync() ?? Task.CompletedTask;
    }

    private void Remove(JobId jobId, RunningJob job)
    {
        lock (gate)
        {
            if (jobs.GetValueOrDefault(jobId) == job)
                jobs.Remove(jobId);
            if (jobs.Count > 0)
                return;
            idle?.TrySetResult();
            idle = null;
        }
    }

    /// <summary>A registered job.</summary>
    internal sealed class RunningJob(RunningJobs all, JobId jobId, CancellationToken cancelAll) : IDisposable
    {
        private readonly CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(cancelAll);

        public CancellationToken Cancelled => source.Token;

        public async Task CancelAsync()
        {
            try
            {
                await source.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // It ended at this moment.
            }
        }

        public void Dispose()
        {
            all.Remove(jobId, this);
            source.Dispose();
        }
    }
}
