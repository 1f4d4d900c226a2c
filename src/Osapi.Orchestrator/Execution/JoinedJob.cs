using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Orchestrator.Execution;

/// <summary>Waits for jobs that an earlier process of the run has submitted.</summary>
internal static class JoinedJob
{
    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Waits for the end of a job, which the job's own limits bound; null when there is no such job.</summary>
    public static async Task<JobDetail?> EndAsync(OsapiClient client, JobId id, CancellationToken cancellationToken)
    {
        try
        {
            var job = await client.Job.GetAsync(id, cancellationToken: cancellationToken).ConfigureAwait(false);
            if (job.Status is not (JobStatus.Submitted or JobStatus.Processing))
                return job;
            await foreach (var update in client.Job.WatchAsync(id, cancellationToken: cancellationToken).ConfigureAwait(false))
                if (update.IsLast)
                    break;
            return await client.Job.GetAsync(id, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    /// <summary>Cancels a job; a controller that hangs must not delay the end of the run.</summary>
    public static async Task CancelAsync(OsapiClient client, JobId id, TimeProvider time)
    {
        using CancellationTokenSource timeout = new(CancelTimeout, time);
        try
        {
            await client.Job.CancelAsync(id, cancellationToken: timeout.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OsapiException or OperationCanceledException)
        {
            // The job's own time limits end it.
        }
    }
}
