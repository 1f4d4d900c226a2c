using Osapi.Agent.Hosts.Processes;
using Osapi.Operations;

namespace Osapi.Agent.Jobs;

/// <summary>
/// The run of a quick operation that begins before its start is in the log, so that both its states can be one append.
/// Its result is discarded when the job turns out to be another agent's, or over.
/// </summary>
internal sealed class EarlyRun : IDisposable
{
    // A caller that watches the job sees the start of a longer run.
    private static readonly TimeSpan StartAfter = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource stopping;

    private EarlyRun(CancellationTokenSource stopping, OutputBudget.Share share, Task<HostReply> reply, long begun)
    {
        Begun = begun;
        this.stopping = stopping;
        Share = share;
        Reply = reply;
    }

    /// <summary>The reply of this host; it never fails.</summary>
    public Task<HostReply> Reply { get; }

    /// <summary>The timestamp of its beginning.</summary>
    public long Begun { get; }

    /// <summary>The share of the output budget that holds the reply's result.</summary>
    public OutputBudget.Share Share { get; }

    /// <summary>Begins a run.</summary>
    /// <param name="run">The operation.</param>
    /// <param name="output">The budget of the agent.</param>
    /// <param name="begun">The timestamp of this moment.</param>
    /// <param name="cancelled">The job is cancelled.</param>
    public static EarlyRun Begin(Func<OutputBudget.Share, CancellationToken, Task<HostReply>> run, OutputBudget output, long begun, CancellationToken cancelled)
    {
        var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        var share = output.Open();
        return new(stopping, share, run(share, stopping.Token), begun);
    }

    /// <summary>Waits until the run has ended, or so long that its start must be appended; true when it has ended.</summary>
    public async Task<bool> EndsSoonAsync()
    {
        if (!Reply.IsCompleted)
            // Real time, also where a test controls the clock: no result depends on it.
            await ((Task)Reply).WaitAsync(StartAfter, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Reply.IsCompleted;
    }

    /// <summary>Stops a run whose result nobody needs.</summary>
    public void Dispose()
    {
        stopping.Cancel();
        Share.Dispose();
        _ = Reply.ContinueWith(static (_, source) => ((CancellationTokenSource)source!).Dispose(), stopping, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
