using Osapi.Orchestrator.Engine;

namespace Osapi.Orchestrator;

/// <summary>How a run ended.</summary>
public enum PlanOutcome
{
    /// <summary>All tasks ended in time; none failed and none was cancelled.</summary>
    Succeeded,

    /// <summary>A task failed.</summary>
    Failed,

    /// <summary>The caller cancelled the run before its last task had ended, whatever became of the tasks.</summary>
    Cancelled,

    /// <summary>The plan's deadline passed before its last task had ended, whatever became of the tasks.</summary>
    TimedOut,
}

/// <summary>What a run did: one result for every task of the plan, whatever happened.</summary>
public sealed class Report
{
    private readonly PlanGraph graph;
    private readonly TaskResult?[] results;
    private readonly IReadOnlyCollection<HookError> hookErrors;

    internal Report(PlanGraph graph, TaskResult?[] results, IReadOnlyList<TaskResult> criticalPath, IReadOnlyCollection<HookError> hookErrors)
    {
        this.graph = graph;
        this.results = results;
        Tasks = Array.AsReadOnly(Array.ConvertAll(graph.Order, place => results[place]!));
        CriticalPath = criticalPath;
        this.hookErrors = hookErrors;
    }

    /// <summary>The results, level by level, in plan order within a level.</summary>
    public IReadOnlyList<TaskResult> Tasks { get; }

    /// <summary>When the run started.</summary>
    public DateTimeOffset StartedAt { get; internal init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <summary>How it ended.</summary>
    public PlanOutcome Outcome { get; internal init; }

    /// <summary>True when all tasks ended in time and none failed or was cancelled, whatever the strategy.</summary>
    public bool Succeeded => Outcome == PlanOutcome.Succeeded;

    /// <summary>The chain of tasks that kept the run going longest: each started when the one before had ended. To be faster, shorten one of these.</summary>
    public IReadOnlyList<TaskResult> CriticalPath { get; }

    /// <summary>The exceptions that hooks threw.</summary>
    public IReadOnlyList<HookError> HookErrors => [.. hookErrors];

    private Dictionary<string, TaskResult> ByName => field ??= Tasks.ToDictionary(task => task.Name);

    /// <summary>The result of a task; null when the plan has none of that name.</summary>
    public TaskResult? Get(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The answer that an operation task got; null when there was none, and for a task of another plan.</summary>
    public T? Get<T>(PlanTask<T> task)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(task);
        return graph.Has(task) && results[task.Index]!.Value is T value ? value : default;
    }

    /// <summary>The report in one line: <c>4 tasks, 2 changed, 1 unchanged, 1 skipped</c>.</summary>
    public string Summary()
    {
        ReadOnlySpan<Status> shown = [Status.Changed, Status.Unchanged, Status.Skipped, Status.Failed, Status.Cancelled];
        var line = $"{Tasks.Count} {(Tasks.Count == 1 ? "task" : "tasks")}";
        foreach (var status in shown)
            if (Tasks.Count(task => task.Status == status) is > 0 and var count)
                line += $", {count} {status.ToText()}";
        return line;
    }

    /// <summary>The report itself if the run succeeded.</summary>
    /// <exception cref="PlanFailedException">It did not.</exception>
    public Report EnsureSuccess() => Succeeded ? this : throw new PlanFailedException(this);
}
