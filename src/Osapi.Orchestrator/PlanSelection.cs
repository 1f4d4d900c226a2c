using Osapi.Operations;

namespace Osapi.Orchestrator;

/// <summary>
/// The part of a plan that a run is about. Each member that is given narrows it. What is not selected is skipped with <see cref="SkipReasons.NotSelected"/>, and counts
/// for the tasks after it as done without a change; its conditions still hold for a task that is selected.
/// </summary>
/// <remarks>
/// A name of a task also selects the tasks of a loop, <c>install</c> those named <c>install[nginx]</c>, and of an included file, <c>web</c> those named <c>web/deploy</c>;
/// <c>*</c> stands for any text. A name or tag that no task has is an error of the plan.
/// </remarks>
public sealed record PlanSelection
{
    /// <summary>The names of the only tasks to run; empty for all. What they depend on is not run.</summary>
    public IReadOnlyCollection<string> Only { get; init; } = [];

    /// <summary>The names of tasks that are not run.</summary>
    public IReadOnlyCollection<string> Skip { get; init; } = [];

    /// <summary>The tags of which a task must have one; empty for all tasks.</summary>
    public IReadOnlyCollection<string> Tags { get; init; } = [];

    /// <summary>The tags of which a task must have none.</summary>
    public IReadOnlyCollection<string> SkipTags { get; init; } = [];

    /// <summary>
    /// The name of the task to start at; null for the beginning. The tasks that it needs are not run, nor are those before it in the plan that do not need it. Of a
    /// name of several tasks the first one counts.
    /// </summary>
    public string? StartAt { get; init; }

    /// <summary>
    /// The hosts to which the targets of all tasks are limited; null for no limit. A task for any host runs on the first of them that is reachable. Functions and operations of the
    /// controller are not limited. When the controller cannot tell which hosts these are, the plan does not run.
    /// </summary>
    public Target? Limit { get; init; }
}
