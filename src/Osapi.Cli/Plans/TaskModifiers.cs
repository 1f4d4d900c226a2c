using Osapi.Orchestrator;

namespace Osapi.Cli.Plans;

/// <summary>When a task of a plan file runs, and what follows when it fails. Nothing is said where a member is null, false or empty.</summary>
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

/// <summary>A condition on how an earlier task ended; one without a task always holds, and so lets its task run after a failure.</summary>
/// <param name="Task">The earlier task; null for none.</param>
/// <param name="Statuses">How it may have ended.</param>
/// <param name="Reason">Why the task is skipped when it ended otherwise; null for the usual words.</param>
internal sealed record TaskCondition(string? Task, IReadOnlyList<Status> Statuses, string? Reason)
{
    /// <summary>What holds whatever happened before.</summary>
    public static TaskCondition Always { get; } = new(null, [], null);

    public bool Holds(Results results) => Task is null || Statuses.Contains(results.Get(Task)!.Status);
}
