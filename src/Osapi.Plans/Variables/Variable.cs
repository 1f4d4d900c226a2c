using System.Text.Json.Nodes;
using YamlDotNet.Core;

namespace Osapi.Plans.Variables;

/// <summary>A variable that a plan file declares.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type.</param>
/// <param name="Default">The value without another one; null for none.</param>
/// <param name="IsRequired">True when the plan needs a value from outside.</param>
/// <param name="Description">The description for people; null for none.</param>
/// <param name="Allowed">The only values that it takes; null for any of its type.</param>
/// <param name="Mark">The position in its file.</param>
internal sealed record Variable(string Name, VariableType Type, JsonNode? Default, bool IsRequired, string? Description, IReadOnlyList<JsonNode>? Allowed, Mark Mark)
{
    /// <summary>True when the declaration has a mistake, which is told: what reads the variable is no mistake of its own.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>Returns the problem of a value, as text that follows its source; null when the variable takes it.</summary>
    public string? ProblemOf(JsonNode? value)
    {
        if (!Type.Takes(value))
            return $"'{Name}' must be {Type.Phrase()}";
        if (Allowed is null || Allowed.Any(allowed => JsonNode.DeepEquals(allowed, value)))
            return null;
        var known = Allowed.Select(allowed => allowed.ToString()).ToList();
        return $"'{Name}' must be one of {string.Join(", ", known)}{Operations.Suggestions.Hint(value!.ToString(), known)}";
    }
}
