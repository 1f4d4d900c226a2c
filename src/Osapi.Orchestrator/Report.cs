using Osapi.Operations;
using Osapi.Operations.Runs;
using Osapi.Orchestrator.Engine;

namespace Osapi.Orchestrator;

/// <summary>The outcome of a run.</summary>
public enum PlanOutcome
{
    /// <summary>All tasks ended in time; none failed and none was cancelled.</summary>
    Succeeded,

    /// <summary>A task failed.</summary>
    Failed,

    /// <summary>The caller cancelled the run before its last task had ended, regardless of the tasks' results.</summary>
    Cancelled,

    /// <summary>The plan's deadline passed before its last task had ended, regardless of the tasks' results.</summary>
    TimedOut,
}

/// <summary>The report of a run: one result for every task of the plan, in every case.</summary>
public sealed class Report
{
    private readonly PlanGraph graph;
    private readonly TaskResult?[] results;
    private readonly IReadOnlyCollection<HookError> hookErrors;

    internal Report(PlanGraph graph, TaskResult?[] results, IReadOnlyList<TaskResult> criticalPath, IReadOnlyCollection<HookError> hookErrors)
    {
        this.graph = graph;
        this.results = results;
        CriticalPath = criticalPath;
        this.hookErrors = hookErrors;
    }

    /// <summary>The results, level by level, in plan order within a level.</summary>
    public IReadOnlyList<TaskResult> Tasks => field ??= Array.AsReadOnly(Array.ConvertAll(graph.Order, place => results[place]!));

    /// <summary>The start time of the run.</summary>
    public DateTimeOffset StartedAt { get; internal init; }

    /// <summary>The duration of the run.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <summary>The outcome of the run.</summary>
    public PlanOutcome Outcome { get; internal init; }

    /// <summary>True when all tasks ended in time and none failed or was cancelled, whatever the error strategy.</summary>
    public bool Succeeded => Outcome == PlanOutcome.Succeeded;

    /// <summary>
    /// The chain of tasks that determined the duration of the run: each started when the previous one had ended. To make the run
    /// faster, shorten one of them.
    /// </summary>
    public IReadOnlyList<TaskResult> CriticalPath { get; }

    /// <summary>
    /// The tasks that a change made necessary and that did not succeed, in the order of <see cref="Tasks"/>. The next run does not see the change any more, so
    /// that it would skip them.
    /// </summary>
    public IReadOnlyList<OwedCell> Owed { get; internal init; } = [];

    /// <summary>The id of the run; null for one that was not recorded.</summary>
    public RunId? Run { get; internal init; }

    /// <summary>The exceptions that hooks threw.</summary>
    public IReadOnlyList<HookError> HookErrors => [.. hookErrors];

    internal Operation? OperationOf(string task) => graph.Find(task)?.Operation;

    internal CellHistory History { get; init; } = null!;

    private Dictionary<string, TaskResult> ByName => field ??= Tasks.ToDictionary(task => task.Name);

    /// <summary>Gets the result of a task by name; null when the plan has no such task.</summary>
    public TaskResult? Get(string name) => ByName.GetValueOrDefault(name);

    /// <summary>
    /// Explains why a task ran, was skipped, failed or was cancelled on a host, and how long it waited: the cell first, then the one that it is due
    /// to, back to the root, at most 100 steps. Empty when the plan has no such task, or the task does not run on the host.
    /// </summary>
    /// <param name="task">The name of the task.</param>
    /// <param name="host">The name of the host; null for a task that does not run on hosts, or on a single one.</param>
    public IReadOnlyList<CellReason> Explain(string task, string? host = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        return History.Explain(task, host);
    }

    /// <summary>Gets the value of an operation task; null when there is none, or the task belongs to another plan.</summary>
    public T? Get<T>(PlanTask<T> task)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(task);
        return graph.Has(task) && results[task.Index]!.Value is T value ? value : default;
    }

    /// <summary>Summarizes the report in one line: <c>4 tasks, 2 changed, 1 unchanged, 1 skipped</c>.</summary>
    public string Summary()
    {
        ReadOnlySpan<Status> shown = [Status.Changed, Status.Unchanged, Status.Skipped, Status.Failed, Status.Cancelled];
        var line = $"{Tasks.Count} {(Tasks.Count == 1 ? "task" : "tasks")}";
        foreach (var status in shown)
            if (Tasks.Count(task => task.Status == status) is > 0 and var count)
                line += $", {count} {status.ToText()}";
        if (Tasks.Sum(task => task.HostResults.Count(host => host is { IsExcused: true, Status: Status.Failed })) is > 0 and var allowed)
            line += $", {allowed} allowed host {(allowed == 1 ? "failure" : "failures")}";
        return Owed.Count == 0 ? line : $"{line}, {Owed.Count} owed";
    }

    /// <summary>Returns the report if the run succeeded.</summary>
    /// <exception cref="PlanFailedException">The run did not succeed.</exception>
    public Report EnsureSuccess() => Succeeded ? this : throw new PlanFailedException(this);
}
