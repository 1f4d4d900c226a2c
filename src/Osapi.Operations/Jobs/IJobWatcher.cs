namespace Osapi.Operations.Jobs;

/// <summary>An invoker that can follow jobs.</summary>
public interface IJobWatcher
{
    /// <summary>Follows the changes of one job until it has ended, or of all jobs.</summary>
    /// <param name="id">The job; null for all.</param>
    /// <param name="after">Only changes after this one; null for all of one job, and for new changes of all jobs.</param>
    /// <param name="cancellationToken">Stops following.</param>
    IAsyncEnumerable<JobUpdate> WatchJobsAsync(JobId? id, long? after, CancellationToken cancellationToken);
}
