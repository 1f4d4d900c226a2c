using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Json;

/// <summary>The range of every number in a list, inclusive.</summary>
/// <param name="minimum">The smallest value allowed.</param>
/// <param name="maximum">The largest value allowed.</param>
internal sealed class ElementRangeAttribute(long minimum, long maximum) : RuleAttribute
{
    /// <inheritdoc/>
    public override string? Check(object value)
    {
        var elements = value as IEnumerable ?? throw new ArgumentException($"A {value?.GetType()} has no elements.", nameof(value));
        return elements.Cast<object?>().Select(Number).All(number => number is null || (number >= minimum && number <= maximum))
            ? null
            : $"must have only elements between {minimum} and {maximum}";
    }

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, JsonTypeInfoKind kind)
    {
        ArgumentNullException.ThrowIfNull(schema);
        if (schema["items"] is not JsonObject items)
            return;
        items["minimum"] = minimum;
        items["maximum"] = maximum;
    }

    // Null for an element that is not a number, which is reported elsewhere.
    private static double? Number(object? element) => element switch
    {
        JsonValue json => json.GetValueKind() == JsonValueKind.Number ? json.GetValue<double>() : null,
        JsonNode or null => null,
        _ => Convert.ToDouble(element, CultureInfo.InvariantCulture),
    };
}
