using System.Diagnostics.CodeAnalysis;
using Osapi.Operations;

namespace Osapi.Orchestrator;

/// <summary>The hosts of a task: a <see cref="Operations.Target"/>, or the hosts on which another task of the plan started.</summary>
public sealed class PlanTarget
{
    private PlanTarget(Target? target, PlanTask? task) => (Target, Task) = (target, task);

    /// <summary>The target; null when the hosts are those of another task.</summary>
    public Target? Target { get; }

    /// <summary>The task on whose hosts this one runs; null for a target of its own.</summary>
    public PlanTask? Task { get; }

    /// <summary>The hosts on which a task started. The task must be a direct or indirect dependency and run on hosts.</summary>
    public static PlanTarget SameAs(PlanTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new(target: null, task);
    }

    /// <summary>Converts a target, so that a task can have one.</summary>
    [return: NotNullIfNotNull(nameof(target))]
    public static implicit operator PlanTarget?(Target? target) => target is null ? null : new(target, task: null);

    /// <summary>Parses a target, so that a task can simply say <c>"_any"</c>.</summary>
    /// <exception cref="FormatException">The text is no target.</exception>
    public static implicit operator PlanTarget(string text) => new(Target.Parse(text), task: null);

    /// <summary>Returns the target as it is written; <c>same as deploy</c> for the hosts of another task.</summary>
    public override string ToString() => Target?.Text ?? $"same as {Task}";
}

/// <summary>The hosts of another task as a target.</summary>
public static class TaskTargets
{
    extension(Target)
    {
        /// <inheritdoc cref="PlanTarget.SameAs"/>
        public static PlanTarget SameAs(PlanTask task) => PlanTarget.SameAs(task);
    }
}
