using System.Text.Json.Nodes;
using Osapi.Plans.Expressions;
using Osapi.Plans.Values;
using Osapi.Plans.Yaml;
using YamlDotNet.Core;
using ValueType = Osapi.Plans.Expressions.ValueType;

namespace Osapi.Plans.Expansion;

/// <summary>The names that the tasks of one file see: its variables, and its tasks under the names that it gives them.</summary>
internal sealed class PlanScope
{
    private readonly Dictionary<string, TaskGroup> groups = [];
    private readonly Dictionary<string, Mark> places = [];

    /// <summary>The scope of the including file; null for the plan file.</summary>
    public PlanScope? Parent { get; init; }

    /// <summary>The beginning of the full names of the file's tasks, such as <c>web/</c>.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The name of the file for people; null for the plan file.</summary>
    public string? File { get; init; }

    /// <summary>The name that identifies the file; null for the plan file.</summary>
    public string? FullName { get; init; }

    /// <summary>The number of files around this one.</summary>
    public int Depth => Parent is null ? 0 : Parent.Depth + 1;

    public List<FileProblem> Problems { get; } = [];

    public JsonObject Vars { get; set; } = [];

    /// <summary>The required variables without a value, which is told once: what reads them is no mistake of its own.</summary>
    public IReadOnlySet<string> UnknownVars { get; set; } = new HashSet<string>();

    /// <summary>The names that several tasks, blocks or includes have, which is told once.</summary>
    public HashSet<string> Ambiguous { get; } = [];

    public ValueType VarsType { get; set; } = ValueType.Struct("vars", new Dictionary<string, StructMember>());

    public IReadOnlyDictionary<string, TaskGroup> Groups => groups;

    /// <summary>The types of the results, as tasks on hosts read them and as others do. They are made once, because a plan may have thousands of tasks.</summary>
    public ValueType?[] ResultTypes { get; } = new ValueType?[2];

    public IReadOnlyDictionary<string, string?>? HostsOf { get; set; }

    /// <summary>Adds a group under a name that is given at this place of the file. Returns the place of another one of the name; null when there is none.</summary>
    public Mark? Add(TaskGroup group, string name, Mark place)
    {
        if (groups.TryAdd(name, group))
        {
            places[name] = place;
            return null;
        }

        Ambiguous.Add(name);
        return places[name];
    }

    /// <summary>Returns the problems with the name of the file.</summary>
    public IEnumerable<FileProblem> NamedProblems() => VarsValue.WithoutConsequences(Problems).Select(problem => problem.File is null ? problem with { File = File } : problem);
}
