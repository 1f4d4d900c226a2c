using Osapi.Orchestrator;

namespace Osapi.Plans;

/// <summary>The conditions and the error handling of a task of a plan file. A member that is null, false or empty is not given.</summary>
internal sealed record TaskModifiers
{
    public ErrorStrategy? OnError { get; init; }

    public bool OnlyIfChanged { get; init; }

    public bool OnlyIfFailed { get; init; }

    public bool Always { get; init; }

    public IReadOnlyList<TaskCondition> When { get; init; } = [];

    public TimeSpan? Timeout { get; init; }

    public HostFailureLimit? AllowHostFailures { get; init; }

    public HostFailureLimit? MaxHostFailures { get; init; }

    public bool AllowEmpty { get; init; }

    public TimeSpan? StartWithin { get; init; }

    public void ApplyTo(PlanTask task, IReadOnlyDictionary<string, PlanTask> tasks)
    {
        if (OnError is not null)
            task.OnError(OnError);
        if (OnlyIfChanged)
            task.OnlyIfChanged();
        if (OnlyIfFailed)
            task.OnlyIfFailed();
        if (Always)
            task.Always();
        foreach (var condition in When)
            task.When(tasks[condition.Task], condition.Statuses, condition.Reason);
        if (Timeout is { } limit)
            task.Timeout(limit);
        if (AllowHostFailures is { } hosts)
            task.AllowHostFailures(hosts);
        if (MaxHostFailures is { } most)
            task.MaxHostFailures(most);
        if (AllowEmpty)
            task.AllowEmpty();
        if (StartWithin is { } start)
            task.StartWithin(start);
    }
}

/// <summary>A condition on the status of an earlier task: on the same host, if both tasks have it.</summary>
/// <param name="Task">The earlier task.</param>
/// <param name="Statuses">The accepted statuses.</param>
/// <param name="Reason">The reason for skipping the task; null for the default.</param>
internal sealed record TaskCondition(string Task, IReadOnlyList<Status> Statuses, string? Reason);
