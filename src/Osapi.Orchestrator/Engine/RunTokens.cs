using System.Diagnostics.CodeAnalysis;

namespace Osapi.Orchestrator.Engine;

/// <summary>
/// The tokens of a run. A failure that stops the plan cancels the tasks, but not those that react to failures; a cancelled run or a
/// passed deadline cancels these too, but not those that always run; these have a time of their own.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The token sources hold neither timers nor handles, and their callbacks may outlive the run.")]
internal sealed class RunTokens(PlanOptions options, Action aborted, CancellationToken caller, CancellationToken abandon)
{
    private readonly TokenGroup stopping = new();
    private readonly TokenGroup aborting = new();
    private readonly TokenGroup ending = new();
    private ITimer? lastTime;
    private int firstCause;

    /// <summary>True when the caller has cancelled the run, or its deadline has passed.</summary>
    public bool IsAborted => aborting.IsCancelled || caller.IsCancellationRequested;

    /// <summary>True when the tasks that always run may not start any more either.</summary>
    public bool IsOver => ending.IsCancelled || abandon.IsCancellationRequested;

    public AbortCause Cause => (AbortCause)Volatile.Read(ref firstCause);

    /// <summary>Returns the token for the bodies of a task.</summary>
    public CancellationToken For(PlanTask task) => GroupOf(task).Token;

    /// <summary>Creates a token for a call of its own: it is cancelled with the run's, and can be cancelled alone.</summary>
    public CallToken CreateFor(PlanTask task, int cells) => new(GroupOf(task), cells);

    /// <summary>Starts to listen to the caller and to the deadline, until the result is disposed.</summary>
    public IAsyncDisposable Start()
    {
        var deadline = options.TimeProvider.CreateTimer(
            static tokens => ((RunTokens)tokens!).Abort(AbortCause.Deadline), this, options.Deadline ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        return new Registrations(
            this,
            deadline,
            caller.UnsafeRegister(static tokens => ((RunTokens)tokens!).Abort(AbortCause.Caller), this),
            abandon.UnsafeRegister(static tokens => ((RunTokens)tokens!).Abandon(), this));
    }

    /// <summary>Cancels the tasks after a failure.</summary>
    public void Stop() => stopping.Cancel();

    private TokenGroup GroupOf(PlanTask task) => task.RunsAlways ? ending : task.RequiresFailure ? aborting : stopping;

    private void Abort(AbortCause cause)
    {
        // The caller's token is checked first: a deadline signal that arrives first may have happened second.
        if (Interlocked.CompareExchange(ref firstCause, (int)(caller.IsCancellationRequested ? AbortCause.Caller : cause), (int)AbortCause.None) == (int)AbortCause.None)
            lastTime = options.TimeProvider.CreateTimer(static tokens => ((RunTokens)tokens!).End(), this, options.AlwaysTimeout, Timeout.InfiniteTimeSpan);
        aborting.Cancel();
        stopping.Cancel();
        aborted();
    }

    private void Abandon()
    {
        Abort(AbortCause.Caller);
        End();
    }

    private void End()
    {
        ending.Cancel();
        aborted();
    }

    private sealed class Registrations(RunTokens tokens, ITimer deadline, CancellationTokenRegistration caller, CancellationTokenRegistration abandon) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await caller.DisposeAsync().ConfigureAwait(false);
            await abandon.DisposeAsync().ConfigureAwait(false);
            await deadline.DisposeAsync().ConfigureAwait(false);
            if (tokens.lastTime is { } time)
                await time.DisposeAsync().ConfigureAwait(false);
        }
    }
}
