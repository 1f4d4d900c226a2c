using System.Collections;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Json;

/// <summary>The allowed number of characters of a text, or of elements of a list or map. Characters are Unicode code points, as in JSON Schema.</summary>
/// <param name="minimum">The minimum.</param>
/// <param name="maximum">The maximum; <see cref="int.MaxValue"/> for no limit.</param>
internal sealed class LengthAttribute(int minimum, int maximum) : RuleAttribute
{
    /// <inheritdoc/>
    public override string? Check(object value)
    {
        var (size, unit) = value switch
        {
            string text => (text.EnumerateRunes().Count(), "characters"),
            IEnumerable elements => (elements.Cast<object?>().Count(), "elements"),
            _ => throw new ArgumentException($"A {value?.GetType()} has no size.", nameof(value)),
        };
        return size < minimum ? size == 0 ? "must not be empty" : $"must have at least {minimum} {unit}, and has {size}"
            : size > maximum ? $"must have at most {maximum} {unit}, and has {size}"
            : null;
    }

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, JsonTypeInfoKind kind)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var unit = kind switch
        {
            JsonTypeInfoKind.Enumerable => "Items",
            JsonTypeInfoKind.Dictionary => "Properties",
            _ => "Length",
        };
        if (minimum > 0)
            schema["min" + unit] = minimum;
        if (maximum != int.MaxValue)
            schema["max" + unit] = maximum;
    }
}
