using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>Waits for a job, and makes its answer.</summary>
internal sealed class JobWait(ITransport transport, TimeProvider time)
{
    // What an agent may take to notice the end, to stop a process tree and to report, beyond the operation's own time.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    /// <summary>Completes when the job is over, or when it should have been: every host has started or expired by then, and used up its time.</summary>
    public async Task<IReadOnlyList<HostEntry>> AnswerAsync(ActiveJob job, CancellationToken cancellationToken)
    {
        if (!job.IsOver)
        {
            var bound = TimeSpan.FromSeconds(job.Record.StartWithin + job.Record.Timeout) + Grace;
            try
            {
                await job.Over.WaitAsync(bound, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // The entries say that it is still running.
            }
        }

        return await SnapshotAsync(job, cancellationToken);
    }

    /// <summary>The entries as they stand at this moment.</summary>
    public async Task<IReadOnlyList<HostEntry>> SnapshotAsync(ActiveJob job, CancellationToken cancellationToken) =>
        JobStatus.Entries(job.Record, await LoadAsync(job.States, cancellationToken));

    /// <summary>The states with their entries, those that are kept as objects included.</summary>
    public async Task<IReadOnlyDictionary<string, ExecutorState>> LoadAsync(IReadOnlyDictionary<string, ExecutorState> states, CancellationToken cancellationToken)
    {
        if (states.Values.All(state => state.Event.ObjectName is null))
            return states;
        Dictionary<string, ExecutorState> loaded = [];
        foreach (var (executor, state) in states)
            loaded[executor] = state with { Event = await JobEntries.LoadAsync(transport, state.Event, cancellationToken) };
        return loaded;
    }
}
