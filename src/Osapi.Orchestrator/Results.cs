using Osapi.Orchestrator.Engine;

namespace Osapi.Orchestrator;

/// <summary>
/// The results of the tasks before a task. Only its direct and indirect dependencies can be read, because it is not determined
/// whether other tasks have ended. Thread-safe.
/// </summary>
public sealed class Results
{
    private readonly PlanGraph graph;
    private readonly TaskResult?[] results;
    private readonly int reader;
    private readonly Func<int, TaskResult?>? view;

    internal Results(PlanGraph graph, TaskResult?[] results, int reader, Func<int, TaskResult?>? view = null)
    {
        this.graph = graph;
        this.results = results;
        this.reader = reader;
        this.view = view;
    }

    /// <summary>
    /// Gets the results of the tasks as a whole, with all their hosts; where these are the results of one host, as a guard for each host
    /// and a request for each host read them, otherwise the same.
    /// </summary>
    /// <remarks>With <see cref="PlanFlow.Host"/> a task may not have ended on the other hosts; reading it is an error then.</remarks>
    public Results Whole => view is null ? this : new(graph, results, reader);

    /// <summary>Gets the result of a task by name; null when the plan has no such task.</summary>
    /// <exception cref="InvalidOperationException">The reading task does not depend on it.</exception>
    public Result? Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return graph.Find(name) is { } task ? Read(task) : null;
    }

    /// <summary>Gets the result of a task; null when it belongs to another plan.</summary>
    /// <exception cref="InvalidOperationException">The reading task does not depend on it.</exception>
    public Result? Get(PlanTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return graph.Has(task) ? Read(task) : null;
    }

    /// <summary>Gets the value of an operation task; null when there is none, because the task failed or was not run.</summary>
    /// <exception cref="InvalidOperationException">The reading task does not depend on it.</exception>
    public T? Get<T>(PlanTask<T> task)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(task);
        return graph.Has(task) && Ended(task).Value is T value ? value : default;
    }

    private Result Read(PlanTask task)
    {
        var ended = Ended(task);
        // A copy each time: a reader may change it, and several may read at once.
        return (ended.Kept?.Copy() ?? new()) with
        {
            Status = ended.Status,
            Changed = ended.Changed,
            Error = ended.Error,
        };
    }

    private TaskResult Ended(PlanTask task) => graph.IsAncestor(task.Index, of: reader)
        ? (view is null ? results[task.Index] : view(task.Index))
            ?? throw new InvalidOperationException($"task \"{graph.Tasks[reader].Name}\" reads the result of \"{task.Name}\", which has not ended on all hosts: each host goes on by itself")
        : throw new InvalidOperationException(
            $"task \"{graph.Tasks[reader].Name}\" reads the result of \"{task.Name}\" but does not depend on it: DependsOn is missing");
}
