using Osapi.Operations;
using Osapi.Plans.Conditions;
using Osapi.Plans.Expansion;
using Osapi.Plans.Yaml;
using YamlDotNet.Core;

namespace Osapi.Plans;

/// <summary>A task as far as it is known without its expressions, valid or not.</summary>
/// <param name="Draft">The task as it is written.</param>
/// <param name="NameMark">The position of its name.</param>
/// <param name="DependsOn">The names that it depends on, those of its blocks and includes among them.</param>
internal sealed record TaskHead(TaskDraft Draft, Mark NameMark, IReadOnlyList<TaskDependency> DependsOn)
{
    /// <summary>The operation; null when it is wrong.</summary>
    public Operation? Operation { get; init; }

    public Target? Target { get; init; }

    public TaskDependency? SameAs { get; init; }

    public TaskModifiers Modifiers { get; init; } = new();

    /// <summary>The tasks that conditions of status name.</summary>
    public IReadOnlyList<TaskDependency> StatusReads { get; init; } = [];

    /// <summary>The conditions of status of its blocks and includes; their names are those of their file.</summary>
    public IReadOnlyList<(TaskCondition Condition, PlanScope Scope)> EnclosingConditions { get; init; } = [];

    public IReadOnlyList<ConditionNode> Conditions { get; init; } = [];

    public ConditionNode? ChangedWhen { get; init; }

    public ConditionNode? FailedWhen { get; init; }

    public YamlNode? With { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string? Confirm { get; init; }

    /// <summary>The task on whose hosts it runs; null for a target of its own, and until names are resolved.</summary>
    public TaskHead? Origin { get; set; }

    /// <summary>True for a loop over results: the operation is called once for each item.</summary>
    public bool HasItems => Draft.Loop is not null;

    public bool RunsOnHosts => Operation is { RunsOn: RunsOn.Host };

    /// <summary>True when the host is known when the task starts.</summary>
    public bool KnowsHost => RunsOnHosts && Target?.Kind != TargetKind.Any;

    /// <summary>True when the task has one cell on a host, so that its result needs no host's name.</summary>
    public bool IsOneCell => Origin?.IsOneCell ?? Target?.Kind is TargetKind.Any or TargetKind.Host;
}

/// <summary>A name of a task, block, loop or include, as it is written.</summary>
/// <param name="Name">The name in its file.</param>
/// <param name="Mark">The position.</param>
/// <param name="Scope">The scope of the file.</param>
internal sealed record TaskDependency(string Name, Mark Mark, PlanScope Scope)
{
    /// <summary>The tasks, when they have no name of their own; otherwise null.</summary>
    public TaskGroup? Group { get; init; }

    /// <summary>True when several tasks, blocks or includes have the name, so that it is not known which of them is meant.</summary>
    public bool IsAmbiguous => Group is null && Scope.Ambiguous.Contains(Name);

    /// <summary>Returns the tasks; null when there are none of the name.</summary>
    public TaskGroup? Find() => Group ?? Scope.Groups.GetValueOrDefault(Name);
}
