using Osapi.Operations;
using Osapi.Orchestrator.Execution;

namespace Osapi.Orchestrator.Engine;

/// <summary>One task in one run, from its first attempt on. While an attempt goes on it belongs to the body's thread, otherwise to the loop.</summary>
internal sealed class TaskRun(PlanRun run, PlanTask task, bool isRead, CancellationToken token) : IThreadPoolWorkItem
{
    private long started;
    private long ended;
    private ITimer? limit;
    private ITimer? wait;
    private Task<Result>? body;

    public PlanTask Task => task;

    public Plan Plan => run.Plan;

    /// <summary>What the body may read.</summary>
    public Results Results => run.ResultsFor(task.Index);

    /// <summary>What tells the body to stop.</summary>
    public CancellationToken Token { get; private set; } = token;

    public int Attempts { get; private set; }

    /// <summary>True when the task's strategy lets no other attempt follow.</summary>
    public bool IsLastAttempt => (task.ErrorStrategy ?? Plan.Options.OnError) is not RetryStrategy retry || Attempts > retry.RetryCount;

    public TaskRunState State { get; set; }

    public bool IsTimedOut { get; set; }

    /// <summary>True when it ended after the run was cancelled or its deadline had passed.</summary>
    public bool EndedAfterAbort { get; private set; }

    /// <summary>What the last attempt that returned anything returned.</summary>
    public Result? Result { get; private set; }

    /// <summary>The same for later tasks to read, whatever becomes of the original; null when no task comes later.</summary>
    public Result? Kept { get; private set; }

    /// <summary>How the last attempt failed; null when it did not.</summary>
    public Exception? Error { get; private set; }

    /// <summary>True when any attempt changed something.</summary>
    public bool Changed { get; private set; }

    /// <summary>The calls of an operation task.</summary>
    public OperationCall? Call { get; set; }

    public TimeSpan Duration => run.Clock.GetElapsedTime(started, ended);

    public DateTimeOffset StartedAt => run.At(started);

    /// <summary>What carries its calls. A check has to know what comes before them.</summary>
    public IOperationInvoker Invoker =>
        Plan.Invoker is DryRunInvoker checking ? checking.For(task, other => run.IsAncestor(other.Index, task.Index)) : Plan.Invoker!;

    /// <summary>Starts the next attempt on the thread pool.</summary>
    public void Start()
    {
        if (++Attempts == 1)
        {
            started = ended = run.Clock.GetTimestamp();
            if (task.TimeLimit is { } time)
                StartLimit(time);
        }

        State = TaskRunState.Running;
        Error = null;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Tells the loop when the wait before the next attempt is over.</summary>
    public void WaitToRetry(TimeSpan delay)
    {
        State = TaskRunState.Waiting;
        wait = run.Clock.CreateTimer(static task => ((TaskRun)task!).WaitIsOver(), this, delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Nothing more will come of this task.</summary>
    public void End()
    {
        if (State != TaskRunState.Running)
        {
            ended = run.Clock.GetTimestamp();
            EndedAfterAbort = run.IsAborted;
        }

        State = TaskRunState.Ended;
        limit?.Dispose();
        wait?.Dispose();
    }

    // Nothing gets past this: whatever the body does, the loop is told that it ended.
    void IThreadPoolWorkItem.Execute()
    {
        run.RestoreContext();
        try
        {
            body = task.Body.InvokeAsync(this) ?? throw new TaskFailedException("the body returned no task");
        }
        catch (Exception exception)
        {
            body = System.Threading.Tasks.Task.FromException<Result>(exception);
        }

        // A continuation, not an async method: the state of one would be a third of what a task costs.
        var awaiter = body.ConfigureAwait(false).GetAwaiter();
        if (awaiter.IsCompleted)
            BodyEnded();
        else
            awaiter.UnsafeOnCompleted(BodyEnded);
    }

    private void BodyEnded()
    {
        try
        {
            Take(body!.GetAwaiter().GetResult() ?? throw new TaskFailedException("the body returned no result"));
        }
        catch (Exception exception)
        {
            Error = exception;
        }

        body = null;
        // Asked here and not by the loop, which may hear of the end later than of a cancellation that came after it.
        EndedAfterAbort = run.IsAborted;
        ended = run.Clock.GetTimestamp();
        run.Post(new(SignalKind.Ended, this));
    }

    // The body may go on using what it returned, so what can change is copied.
    private void Take(Result result)
    {
        Result = result.HostResults.Count == 0 ? result : result with { HostResults = [.. result.HostResults] };
        Kept = isRead ? Result.Copy() : null;
        Changed |= result.Changed || Result.HostResults.Any(host => host.Changed);
        Error = TaskVerdict.Of(Result, task.AllowedHostFailures);
    }

    private void StartLimit(TimeSpan time)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Token = source.Token;
        limit = run.Clock.CreateTimer(_ => TimeIsUp(source), null, time, Timeout.InfiniteTimeSpan);
    }

    // Told before the token is cancelled, so that the loop knows the reason when the body ends because of it.
    private void TimeIsUp(CancellationTokenSource source)
    {
        run.Post(new(SignalKind.TimeUp, this));
        Cancellation.Request(source);
    }

    private void WaitIsOver() => run.Post(new(SignalKind.RetryDue, this));
}

internal enum TaskRunState
{
    /// <summary>Its body is running.</summary>
    Running,

    /// <summary>It waits before its next attempt.</summary>
    Waiting,

    /// <summary>Its next attempt waits for its turn.</summary>
    Queued,

    /// <summary>It has a result.</summary>
    Ended,
}
