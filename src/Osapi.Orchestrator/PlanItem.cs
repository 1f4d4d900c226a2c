namespace Osapi.Orchestrator;

/// <summary>An item of a task that is called once for each item.</summary>
/// <param name="Key">The key of the item; unique in its task.</param>
/// <param name="Request">A value of the operation's request type.</param>
public sealed record PlanItem(string Key, object Request)
{
    /// <summary>The maximum number of items of a task on a host.</summary>
    public const int MaxCount = 1000;

    /// <summary>The reason for skipping the item; null to call it.</summary>
    public string? SkipReason { get; init; }

    /// <summary>Decides whether the item changed something; null for the condition of the task, if it has one.</summary>
    public Func<Results, Result, bool>? ChangedWhen { get; init; }

    /// <summary>Decides whether the item failed; null for the condition of the task, if it has one.</summary>
    public Func<Results, Result, bool>? FailedWhen { get; init; }
}
