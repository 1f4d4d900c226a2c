using Osapi.Orchestrator;

namespace Osapi.Cli.Plans;

/// <summary>The conditions and the error handling of a task of a plan file. A member that is null, false or empty is not given.</summary>
internal sealed record TaskModifiers
{
    public ErrorStrategy? OnError { get; init; }

    public bool OnlyIfChanged { get; init; }

    public bool OnlyIfFailed { get; init; }

    public IReadOnlyList<TaskCondition> When { get; init; } = [];

    public TimeSpan? Timeout { get; init; }

    public HostFailureLimit? AllowHostFailures { get; init; }

    public void ApplyTo(PlanTask task)
    {
        if (OnError is not null)
            task.OnError(OnError);
        if (OnlyIfChanged)
            task.OnlyIfChanged();
        if (OnlyIfFailed)
            task.OnlyIfFailed();
        foreach (var condition in When)
            task.When(condition.Holds, condition.Reason);
        if (Timeout is { } limit)
            task.Timeout(limit);
        if (AllowHostFailures is { } hosts)
            task.AllowHostFailures(hosts);
    }
}

/// <summary>A condition on the status of an earlier task. A condition without a task always holds, so that its task also runs after a failure.</summary>
/// <param name="Task">The earlier task; null for none.</param>
/// <param name="Statuses">The accepted statuses.</param>
/// <param name="Reason">The reason for skipping the task; null for the default.</param>
internal sealed record TaskCondition(string? Task, IReadOnlyList<Status> Statuses, string? Reason)
{
    /// <summary>The condition that always holds.</summary>
    public static TaskCondition Always { get; } = new(null, [], null);

    public bool Holds(Results results) => Task is null || Statuses.Contains(results.Get(Task)!.Status);
}
