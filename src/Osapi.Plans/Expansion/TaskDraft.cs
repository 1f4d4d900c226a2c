using Osapi.Operations;
using Osapi.Plans.Yaml;

namespace Osapi.Plans.Expansion;

/// <summary>A task of a file after loops, blocks and included files were expanded, as it is written.</summary>
/// <param name="Name">The full name, such as <c>web/install[nginx]</c>.</param>
/// <param name="Node">The task as it is written.</param>
/// <param name="Scope">The scope of its file.</param>
/// <param name="Each">The item of its loop; null for none.</param>
/// <param name="Enclosures">The blocks and includes around it, the innermost last.</param>
internal sealed record TaskDraft(string Name, YamlMapping Node, PlanScope Scope, EachItem? Each, IReadOnlyList<Enclosure> Enclosures)
{
    /// <summary>The loop over results, whose items become known during the run; null for none.</summary>
    public (YamlScalar Source, YamlNode? Key)? Loop { get; init; }

    /// <summary>The task as far as it is known without its expressions; set when it was read.</summary>
    public TaskHead? Head { get; set; }

    /// <summary>Determines whether a key is misspelt in the task or around it: then it is not missing as well.</summary>
    public bool Misspells(string key) => Enclosures.Select(enclosure => enclosure.Node).Append(Node)
        .Any(node => node.Find(key) is null && node.Members.Any(member => Suggestions.Of(member.Key.Text, [key]) is not null));

    public override string ToString() => Name;
}

/// <summary>A block or an include around a task.</summary>
/// <param name="Node">The block or include as it is written.</param>
/// <param name="Scope">The scope of its file.</param>
/// <param name="Each">The item of its loop; null for none.</param>
/// <param name="CleansUp">The tasks of the block when the task stands in its <c>always</c>; null otherwise.</param>
internal sealed record Enclosure(YamlMapping Node, PlanScope Scope, EachItem? Each, TaskGroup? CleansUp);
