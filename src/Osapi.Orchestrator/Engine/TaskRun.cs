using Osapi.Operations;
using Osapi.Orchestrator.Execution;

namespace Osapi.Orchestrator.Engine;

/// <summary>One task in one run, since its first attempt. During an attempt it belongs to the body's thread, otherwise to the loop.</summary>
internal sealed class TaskRun(PlanRun run, PlanTask task, bool isRead, CancellationToken token) : IThreadPoolWorkItem
{
    private long started;
    private long ended;
    private ITimer? limit;
    private ITimer? wait;
    private Task<Result>? body;

    public PlanTask Task => task;

    public Plan Plan => run.Plan;

    /// <summary>The results that the body may read.</summary>
    public Results Results => run.ResultsFor(task.Index);

    /// <summary>The token that cancels the body.</summary>
    public CancellationToken Token { get; private set; } = token;

    public int Attempts { get; private set; }

    /// <summary>True when the task's strategy allows no further attempt.</summary>
    public bool IsLastAttempt => (task.ErrorStrategy ?? Plan.Options.OnError) is not RetryStrategy retry || Attempts > retry.RetryCount;

    public TaskRunState State { get; set; }

    public bool IsTimedOut { get; set; }

    /// <summary>True when the task ended after the run was cancelled or its deadline had passed.</summary>
    public bool EndedAfterAbort { get; private set; }

    /// <summary>The result of the last attempt that returned one.</summary>
    public Result? Result { get; private set; }

    /// <summary>A copy of the result for later tasks, independent of the original; null when no task depends on this one.</summary>
    public Result? Kept { get; private set; }

    /// <summary>The error of the last attempt; null when it did not fail.</summary>
    public Exception? Error { get; private set; }

    /// <summary>True when any attempt changed something.</summary>
    public bool Changed { get; private set; }

    /// <summary>The calls of an operation task.</summary>
    public OperationCall? Call { get; set; }

    public TimeSpan Duration => run.Clock.GetElapsedTime(started, ended);

    public DateTimeOffset StartedAt => run.At(started);

    /// <summary>The invoker for the task's calls. A dry run needs to know the earlier tasks.</summary>
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

    /// <summary>Posts a signal to the loop when the delay before the next attempt is over.</summary>
    public void WaitToRetry(TimeSpan delay)
    {
        State = TaskRunState.Waiting;
        wait = run.Clock.CreateTimer(static task => ((TaskRun)task!).OnRetryDue(), this, delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends the task: no further attempt follows.</summary>
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

    // Every path ends here: whatever the body does, the loop is signalled that it ended.
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

        // A continuation instead of an async method: the state machine would be a third of the cost of a task.
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
            ApplyResult(body!.GetAwaiter().GetResult() ?? throw new TaskFailedException("the body returned no result"));
        }
        catch (Exception exception)
        {
            Error = exception;
        }

        body = null;
        // Checked here and not in the loop, which may process the end later than a cancellation that came after it.
        EndedAfterAbort = run.IsAborted;
        ended = run.Clock.GetTimestamp();
        run.Post(new(SignalKind.Ended, this));
    }

    // The body may continue to use its result, so the mutable parts are copied.
    private void ApplyResult(Result result)
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
        limit = run.Clock.CreateTimer(_ => OnTimeLimit(source), null, time, Timeout.InfiniteTimeSpan);
    }

    // Posted before the token is cancelled, so that the loop knows the reason when the body ends because of it.
    private void OnTimeLimit(CancellationTokenSource source)
    {
        run.Post(new(SignalKind.TimeUp, this));
        Cancellation.Request(source);
    }

    private void OnRetryDue() => run.Post(new(SignalKind.RetryDue, this));
}

internal enum TaskRunState
{
    /// <summary>The body is running.</summary>
    Running,

    /// <summary>The task waits for the delay before its next attempt.</summary>
    Waiting,

    /// <summary>The next attempt is due and waits for its turn.</summary>
    Queued,

    /// <summary>The task has a result.</summary>
    Ended,
}
