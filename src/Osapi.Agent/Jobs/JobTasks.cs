using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Osapi.Operations;

namespace Osapi.Agent.Jobs;

/// <summary>The tasks of running jobs: a stopping agent awaits them here, and no failure goes unobserved.</summary>
internal sealed partial class JobTasks(ILogger logger)
{
    private readonly ConcurrentDictionary<Task, byte> tasks = new();

    /// <summary>Starts a task.</summary>
    /// <param name="jobId">Its job.</param>
    /// <param name="run">The task.</param>
    /// <param name="here">True when it begins on this thread, because it soon waits.</param>
    public void Start(JobId jobId, Func<Task> run, bool here = false)
    {
        var task = ObserveAsync(jobId, run, here);
        if (task.IsCompleted)
            return;
        tasks.TryAdd(task, 0);
        // Removed when it ends, even if it ended before it was added.
        task.ContinueWith(ended => tasks.TryRemove(ended, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public Task AllAsync() => Task.WhenAll(tasks.Keys);

    private async Task ObserveAsync(JobId jobId, Func<Task> run, bool here)
    {
        if (!here)
            await Task.Yield();
        try
        {
            await run();
        }
        catch (OperationCanceledException)
        {
            // The agent stops; the ledger and the log record the job's progress.
        }
        catch (Exception exception)
        {
            LogFailed(exception, jobId);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {JobId} failed inside the agent")]
    private partial void LogFailed(Exception exception, JobId jobId);
}
