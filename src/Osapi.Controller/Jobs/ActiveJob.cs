using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>A job that is not over, or that somebody still waits for. Only the follower changes it.</summary>
internal sealed class ActiveJob(JobRecord record)
{
    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReadOnlyDictionary<string, ExecutorState> states = new Dictionary<string, ExecutorState>();

    public JobRecord Record => record;

    /// <summary>The newest state of each executor that has one; a snapshot that never changes.</summary>
    public IReadOnlyDictionary<string, ExecutorState> States => Volatile.Read(ref states);

    public Task Over => over.Task;

    public bool IsOver => over.Task.IsCompleted;

    public void Apply(string executor, ExecutorState state)
    {
        Volatile.Write(ref states, new Dictionary<string, ExecutorState>(states) { [executor] = state });
        if (JobStatus.IsOver(record, states))
            over.TrySetResult();
    }
}
