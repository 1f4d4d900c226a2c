using System.Text.Json.Nodes;
using Osapi.Plans.Variables;
using ValueType = Osapi.Plans.Expressions.ValueType;

namespace Osapi.Plans.Expansion;

/// <summary>An item of a loop: <c>each.key</c> and <c>each.value</c>.</summary>
/// <param name="Key">The key, which is part of the task's name where the items are known before the run.</param>
/// <param name="Value">The value.</param>
internal sealed record EachItem(string Key, JsonNode? Value)
{
    private ValueType? type;

    /// <summary>False for the item of a loop over results, of which only the type is known before the run.</summary>
    public bool IsKnownBeforeRun { get; private init; } = true;

    /// <summary>True for the item of a loop with mistakes, which are told: what reads it is no mistake of its own.</summary>
    public bool IsUnknown { get; private init; }

    /// <summary>The type of the value.</summary>
    public ValueType Type { get => type ?? VariableTypes.ValueTypeOf(Value); set => type = value; }

    /// <summary>Creates the item of a loop over results.</summary>
    public static EachItem OfRun() => new("", null) { IsKnownBeforeRun = false, Type = ValueType.Any };

    /// <summary>Creates the item of a loop with mistakes, so that the rest of the task is read.</summary>
    public static EachItem Unknown() => new("", null) { IsUnknown = true, Type = ValueType.Any };

    public JsonObject ToJson() => new() { ["key"] = Key, ["value"] = Value?.DeepClone() };
}
