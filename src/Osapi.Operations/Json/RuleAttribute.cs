using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Json;

/// <summary>A rule for a member's value: the check and its form in the schema.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal abstract class RuleAttribute : Attribute
{
    /// <summary>Returns the problem with a value, as text that follows the member's name; null when there is none.</summary>
    public abstract string? Check(object value);

    /// <summary>Adds the rule to the schema of a member of the given kind.</summary>
    public abstract void Describe(JsonObject schema, JsonTypeInfoKind kind);
}
