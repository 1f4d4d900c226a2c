using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Orchestrator;
using Osapi.Plans.Conditions;
using Osapi.Plans.Loops;
using Osapi.Plans.Requests;
using Osapi.Plans.Secrets;
using Osapi.Plans.Variables;
using YamlDotNet.Core;

namespace Osapi.Plans;

/// <summary>A validated plan file.</summary>
/// <param name="Name">The name.</param>
/// <param name="Tasks">The tasks, in the order of the file; loops, blocks and included files are expanded.</param>
/// <param name="OnError">The error strategy of tasks without one of their own; null for the default.</param>
/// <param name="MaxParallelism">The maximum number of tasks that run at the same time; null for no limit.</param>
/// <param name="Deadline">The time limit of the whole run; null for no limit.</param>
/// <param name="Flow">The order in which hosts go on.</param>
internal sealed record PlanFile(string Name, IReadOnlyList<PlanFileTask> Tasks, ErrorStrategy? OnError, int? MaxParallelism, TimeSpan? Deadline, PlanFlow Flow)
{
    /// <summary>The version of the language: 0 for a file without expressions.</summary>
    public int Version { get; init; }

    public string? Description { get; init; }

    /// <summary>The values of the variables; empty for a file without any.</summary>
    public JsonObject Values { get; init; } = [];

    public IReadOnlyList<Variable> Variables { get; init; } = [];

    public IReadOnlyList<SecretSource> Secrets { get; init; } = [];

    /// <summary>The names of the tasks that a run is about; null for all.</summary>
    public IReadOnlySet<string>? SelectedNames { get; init; }

    /// <summary>The tasks that a run is about.</summary>
    public IEnumerable<PlanFileTask> SelectedTasks => SelectedNames is { } names ? Tasks.Where(task => names.Contains(task.Name)) : Tasks;

    /// <summary>The secrets that a selected task reads.</summary>
    public IEnumerable<SecretSource> UsedSecrets => Secrets.Where(secret => SelectedTasks.Any(task => task.Template?.Texts.Values.Any(text => text.Text.Reads.Secrets.Contains(secret.Name)) == true));

    /// <summary>The question to ask before the plan runs; null for none.</summary>
    public string? Confirm { get; init; }

    /// <summary>The questions to ask before anything runs: that of the plan and those of its selected tasks.</summary>
    public IReadOnlyList<string> Questions => [.. new[] { Confirm }.Concat(SelectedTasks.Select(task => task.Confirm)).OfType<string>().Distinct()];

    /// <summary>True when an expression of a selected task reads the facts of a host.</summary>
    public bool ReadsFacts => SelectedTasks.Any(task => task.Reads("facts"));
}

/// <summary>A task of a plan file.</summary>
/// <param name="Name">The name.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Target">The target hosts; null for a controller operation, and for the hosts of another task.</param>
/// <param name="SameAs">The name of the task on whose hosts this one runs; null for a target of its own.</param>
/// <param name="Request">The request, of the operation's request type; null when it is made for each host.</param>
/// <param name="DependsOn">The names of the tasks that it depends on.</param>
/// <param name="Modifiers">The conditions and the error handling of the task.</param>
/// <param name="Mark">The position in the file.</param>
internal sealed record PlanFileTask(
    string Name, Operation Operation, Target? Target, string? SameAs, object? Request, IReadOnlyList<string> DependsOn, TaskModifiers Modifiers, Mark Mark)
{
    /// <summary>The request that is made for each host; null for one that is known.</summary>
    public RequestTemplate? Template { get; init; }

    /// <summary>The conditions that are expressions; all of them must hold.</summary>
    public IReadOnlyList<PlanCondition> Conditions { get; init; } = [];

    /// <summary>The loop over results; null for none.</summary>
    public PlanLoop? Loop { get; init; }

    public PlanCondition? ChangedWhen { get; init; }

    public PlanCondition? FailedWhen { get; init; }

    /// <summary>The conditions that are asked when the task starts on a host, and not for each item.</summary>
    public IEnumerable<PlanCondition> CellConditions => Conditions.Where(condition => !condition.LooksAtItem);

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The question to ask before the plan runs; null for none.</summary>
    public string? Confirm { get; init; }

    /// <summary>The included file that the task is in, as it is named to people; null for the plan file.</summary>
    public string? File { get; init; }

    /// <summary>The included file that the task is in, as it is found; null for the plan file.</summary>
    public string? FullFile { get; init; }

    /// <summary>Returns the expressions of the task with the values that they read before the run, so that a run goes on with the same task.</summary>
    public string DefinitionWith(JsonObject values) => string.Join('\n',
    [
        .. AllTexts,
        Template is null ? "" : Template.Evaluated(Template.Members, text => JsonValue.Create(text.Text.Text))?.ToJsonString(),
        Template?.Place.Each?.ToJson().ToJsonString(),
        Reads("vars") ? values.ToJsonString() : "",
    ]);

    private IEnumerable<Expressions.ExpressionReads> AllReads =>
        new[] { ChangedWhen, FailedWhen }.OfType<PlanCondition>().Concat(Conditions).Select(condition => condition.Expression.Reads)
            .Concat(Template?.Texts.Values.Select(text => text.Text.Reads) ?? []).Concat(Loop?.Texts.Select(text => text.Reads) ?? []);

    private IEnumerable<string> AllTexts =>
        new[] { ChangedWhen, FailedWhen }.OfType<PlanCondition>().Concat(Conditions).Select(condition => condition.Expression.Text)
            .Concat(Template?.Texts.Values.Select(text => text.Text.Text) ?? []).Concat(Loop?.Texts.Select(text => text.Text) ?? []);

    /// <summary>True when an expression may read the results of other hosts. A text that only looks like it costs no more than waiting for them.</summary>
    public bool ReadsWholeTasks => AllReads.Any(reads => reads.Tasks.Count > 0)
        && AllTexts.Any(text => text.Contains("hosts", StringComparison.Ordinal) || text.Contains("_count", StringComparison.Ordinal));

    /// <summary>The variables of the environment that expressions read by their names.</summary>
    public IEnumerable<string> EnvironmentNames => AllReads.SelectMany(reads => reads.Environment).Distinct();

    /// <summary>True when an expression reads the environment by a name that is computed while the plan runs.</summary>
    public bool ReadsAnyEnvironment => AllReads.Any(reads => reads.ReadsAnyEnvironment);

    /// <summary>Determines whether an expression reads a root.</summary>
    public bool Reads(string root) => AllReads.Any(reads => reads.Roots.Contains(root));
}
