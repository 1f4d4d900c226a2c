using System.Collections.Concurrent;

namespace Osapi.Orchestrator.Tests;

/// <summary>Shorthands for frequent statements of tests.</summary>
internal static class Plans
{
    public static Result Changed { get; } = new() { Changed = true };

    public static Result Unchanged { get; } = new();

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Plan Plan(PlanOptions? options = null) => new(client: null, options);

    public static Plan Continuing() => Plan(new() { OnError = ErrorStrategy.Continue });

    /// <summary>Creates options whose clock advances by itself.</summary>
    public static PlanOptions On(VirtualTime time) => new() { TimeProvider = time, WhenIdle = time.Idle, Random = () => 0 };

    public static PlanTask Does(this Plan plan, string name, Result? result = null, Action? also = null) =>
        plan.TaskFunc(name, (_, _) =>
        {
            also?.Invoke();
            return Task.FromResult(result ?? Unchanged);
        });

    public static PlanTask Fails(this Plan plan, string name, string error = "boom") =>
        plan.TaskFunc(name, (_, _) => throw new InvalidOperationException(error));

    /// <summary>Adds a task that fails this many times and then succeeds.</summary>
    public static PlanTask FailsAtFirst(this Plan plan, string name, int times, Action? also = null)
    {
        var attempt = 0;
        return plan.TaskFunc(name, (_, _) =>
        {
            also?.Invoke();
            return ++attempt <= times ? throw new InvalidOperationException($"failure {attempt}") : Task.FromResult(Changed);
        });
    }

    /// <summary>Adds a task that ends when the test opens the gate, and that honours its token.</summary>
    public static PlanTask Waits(this Plan plan, string name, Gate gate) =>
        plan.TaskFunc(name, async (_, cancellationToken) =>
        {
            gate.Started.TrySetResult();
            return await gate.Result.Task.WaitAsync(cancellationToken);
        });

    public static Task<Report> ToEndAsync(this Plan plan) => plan.RunAsync(Token);

    public static IEnumerable<Status> Statuses(this Report report) => report.Tasks.Select(task => task.Status);

    public static IEnumerable<string> Names(this Report report) => report.Tasks.Select(task => task.Name);
}

/// <summary>A gate at which a test holds a body.</summary>
internal sealed class Gate
{
    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource<Result> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open(Result? result = null) => Result.TrySetResult(result ?? Plans.Unchanged);
}

/// <summary>A thread-safe record of events, in order.</summary>
internal sealed class Trace
{
    private readonly ConcurrentQueue<string> events = [];

    public IReadOnlyList<string> Events => [.. events];

    public Hooks Hooks => new()
    {
        BeforePlan = _ => Add("before-plan"),
        AfterPlan = _ => Add("after-plan"),
        BeforeLevel = level => Add($"before-level-{level.Level}"),
        AfterLevel = level => Add($"after-level-{level.Level}"),
        BeforeTask = task => Add($"before-{task}"),
        AfterTask = (task, _) => Add($"after-{task}"),
        OnRetry = (task, attempt) => Add($"retry-{task}-{attempt.Number}-{attempt.Error.Message}"),
        OnSkip = (task, reason) => Add($"skip-{task}-{reason}"),
    };

    public void Add(string text) => events.Enqueue(text);
}
