using Osapi.Operations;
using Osapi.Orchestrator.Execution;

namespace Osapi.Orchestrator.Engine;

/// <summary>
/// One attempt of a task for one or more of its cells: a function or one job. While it runs it belongs to the body's thread,
/// otherwise to the loop.
/// </summary>
internal sealed class CellCall : IThreadPoolWorkItem
{
    private readonly PlanRun run;
    private int cell;
    private int[]? cells;
    private JobId jobId;
    private Task<Result>? body;
    private CancellationTokenSource? source;

    public CellCall(PlanRun run, PlanTask task, int cell, CancellationToken token)
    {
        (this.run, Task, this.cell, Token) = (run, task, cell, token);
        Limit = task.TimeLimit is { } ? new() : null;
    }

    public CellCall(PlanRun run, PlanTask task, int[] cells, CancellationToken token)
        : this(run, task, cells[0], token) => this.cells = cells.Length > 1 ? cells : null;

    private CellCall(CellCall before, int[] cells, Exception error)
    {
        (Result, Kept, PreviousError) = (before.Result, before.Kept, error);
        (run, Task, cell, Attempt, Token, Limit, source) = (before.run, before.Task, cells[0], before.Attempt, before.Token, before.Limit, before.source);
        this.cells = cells.Length > 1 ? cells : null;
        // A call that got no response is repeated under the same id: if it had arrived, it is the same job and not a second one.
        jobId = before.Answer is { Failure: not null, Hosts.Count: 0 } && cells.Length == before.Cells.Length ? before.jobId : default;
    }

    public PlanTask Task { get; }

    public Plan Plan => run.Plan;

    /// <summary>The cells. A cell whose host has ended before the others leaves the call.</summary>
    public ReadOnlySpan<int> Cells => cells ?? new ReadOnlySpan<int>(in cell);

    /// <summary>The number of the attempt, from 1.</summary>
    public int Attempt { get; private set; }

    /// <summary>The id of the job.</summary>
    public JobId JobId => jobId.IsEmpty ? jobId = JobId.New() : jobId;

    /// <summary>The time limit of the cells, which all their attempts share; null without one.</summary>
    public TimeLimit? Limit { get; }

    /// <summary>The hosts to call; null to call the target of the task.</summary>
    public Target? Hosts { get; set; }

    /// <summary>The token that cancels the body.</summary>
    public CancellationToken Token { get; private set; }

    /// <summary>True when the task's strategy allows no further attempt.</summary>
    public bool IsLastAttempt => (Task.ErrorStrategy ?? Plan.Options.OnError) is not RetryStrategy retry || Attempt > retry.RetryCount;

    /// <summary>True while the delay before the attempt has not passed.</summary>
    public bool IsWaiting => Wait is not null;

    public ITimer? Wait { get; private set; }

    public long StartedAt { get; private set; }

    public long EndedAt { get; private set; }

    /// <summary>True when the body ended after the run was cancelled or its deadline had passed.</summary>
    public bool EndedAfterAbort { get; private set; }

    /// <summary>The last result of a function or of an operation of the controller; null when no attempt returned one.</summary>
    public Result? Result { get; private set; }

    /// <summary>A copy of the result for later tasks, independent of the original; null when no task depends on this one.</summary>
    public Result? Kept { get; private set; }

    /// <summary>The error of the attempt before; null for the first one.</summary>
    public Exception? PreviousError { get; }

    /// <summary>The answer of the hosts; null for a call without hosts.</summary>
    public HostAnswer? Answer { get; set; }

    /// <summary>The error; null when the body returned a result without one.</summary>
    public Exception? Error { get; private set; }

    /// <summary>The results that the body may read.</summary>
    public Results Results => run.ResultsFor(Task.Index);

    /// <summary>The invoker for the task's calls. A dry run needs to know the earlier tasks.</summary>
    public IOperationInvoker Invoker =>
        Plan.Invoker is DryRunInvoker checking ? checking.For(Task, other => run.IsAncestor(other.Index, Task.Index)) : Plan.Invoker!;

    /// <summary>Creates the next attempt for cells of this one.</summary>
    public CellCall Next(int[] cells, Exception error) => new(this, cells, error);

    /// <summary>Replaces the one cell of a task whose hosts were not known by those of the hosts.</summary>
    public void Replace(int[] hosts) => (cell, cells) = (hosts[0], hosts.Length > 1 ? hosts : null);

    /// <summary>Starts the attempt on the thread pool.</summary>
    public void Start()
    {
        Attempt++;
        StartedAt = EndedAt = run.Clock.GetTimestamp();
        Wait?.Dispose();
        Wait = null;
        if (Limit is { } limit)
        {
            if (Attempt == 1)
                limit.Start(this, run);
            Token = limit.Token;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Posts a signal to the loop when the delay before the attempt is over.</summary>
    public void WaitFor(TimeSpan delay) =>
        Wait = run.Clock.CreateTimer(static call => ((CellCall)call!).OnDue(), this, delay, System.Threading.Timeout.InfiniteTimeSpan);

    /// <summary>Ends a call that will not start.</summary>
    public void Abandon()
    {
        Wait?.Dispose();
        Wait = null;
    }

    /// <summary>Gives the call a token of its own, so that it can be cancelled although its task is a recovery.</summary>
    public void MakeCancellable()
    {
        source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Token = source.Token;
    }

    public void Cancel()
    {
        if (source is not null)
            Cancellation.Request(source);
    }

    /// <summary>Reports the reply of one host while the others are still running.</summary>
    public void OnHostEnded(HostReply reply) => run.Post(new(SignalKind.HostEnded, this, reply));

    // Every path ends here: whatever the body does, the loop is signalled that it ended.
    void IThreadPoolWorkItem.Execute()
    {
        run.RestoreContext();
        try
        {
            body = Task.Body.InvokeAsync(this) ?? throw new TaskFailedException("the body returned no task");
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
        EndedAt = run.Clock.GetTimestamp();
        run.Post(new(SignalKind.Ended, this));
    }

    // The body may continue to use its result, so the mutable parts are copied.
    private void ApplyResult(Result result)
    {
        if (Answer is not null)
            return;
        Result = result.HostResults.Count == 0 ? result : result with { HostResults = [.. result.HostResults] };
        Kept = run.IsRead(Task.Index) ? Result.Copy() : null;
        Error = TaskVerdict.Of(Result, Task.AllowedHostFailures);
    }

    private void OnDue() => run.Post(new(SignalKind.RetryDue, this));
}
