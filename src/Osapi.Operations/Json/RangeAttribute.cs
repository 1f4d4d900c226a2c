using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Json;

/// <summary>The range of a number, inclusive.</summary>
/// <param name="minimum">The smallest value allowed.</param>
/// <param name="maximum">The largest value allowed.</param>
internal sealed class RangeAttribute(double minimum, double maximum) : RuleAttribute
{
    /// <inheritdoc/>
    public override string? Check(object value)
    {
        // Not every double fits in a decimal.
        var isInRange = value is double or float
            ? Convert.ToDouble(value, CultureInfo.InvariantCulture) is var floatingPoint && floatingPoint >= minimum && floatingPoint <= maximum
            : Convert.ToDecimal(value, CultureInfo.InvariantCulture) is var fixedPoint && fixedPoint >= (decimal)minimum && fixedPoint <= (decimal)maximum;
        return isInRange ? null : string.Create(CultureInfo.InvariantCulture, $"must be between {minimum} and {maximum}");
    }

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, JsonTypeInfoKind kind)
    {
        ArgumentNullException.ThrowIfNull(schema);
        schema["minimum"] = minimum;
        schema["maximum"] = maximum;
    }
}
