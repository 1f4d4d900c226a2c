using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Json;

/// <summary>A limit on a member's value: the check and its words in the schema in one place.</summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class RuleAttribute : Attribute
{
    /// <summary>What is wrong with a value, to follow the member's name; null when nothing is.</summary>
    public abstract string? Check(object value);

    /// <summary>Adds the limit to the schema of a member of the given kind.</summary>
    public abstract void Describe(JsonObject schema, JsonTypeInfoKind kind);
}
