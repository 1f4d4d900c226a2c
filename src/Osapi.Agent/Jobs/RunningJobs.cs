using System.Collections.Concurrent;

namespace Osapi.Agent.Jobs;

/// <summary>The jobs that this agent knows of and has not ended, waiting or running, so that they can be cancelled.</summary>
/// <param name="cancelAll">Cancels every one of them.</param>
internal sealed class RunningJobs(CancellationToken cancelAll)
{
    private readonly ConcurrentDictionary<string, RunningJob> jobs = new();

    /// <summary>Puts a job up; null when it is up already. Disposing it takes it down.</summary>
    public RunningJob? TryAdd(string jobId)
    {
        RunningJob job = new(this, jobId, cancelAll);
        if (jobs.TryAdd(jobId, job))
            return job;
        job.Dispose();
        return null;
    }

    /// <summary>Cancels a job; completes when everybody who waits for that was told.</summary>
    public Task CancelAsync(string jobId) => jobs.TryGetValue(jobId, out var job) ? job.CancelAsync() : Task.CompletedTask;

    /// <summary>A job that is up.</summary>
    internal sealed class RunningJob(RunningJobs all, string jobId, CancellationToken cancelAll) : IDisposable
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
            all.jobs.TryRemove(new(jobId, this));
            source.Dispose();
        }
    }
}
