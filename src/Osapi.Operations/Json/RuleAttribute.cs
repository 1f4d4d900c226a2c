using System.Collections;
using System.Text.Json.Nodes;

namespace Osapi.Operations.Json;

/// <summary>A limit on a member's value: the check and its words in the schema in one place.</summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class RuleAttribute : Attribute
{
    /// <summary>What is wrong with a value, to follow the member's name; null when nothing is.</summary>
    public abstract string? Check(object value);

    /// <summary>Adds the limit to the member's schema.</summary>
    public abstract void Describe(JsonObject schema);
}

/// <summary>A number's range, ends included.</summary>
/// <param name="minimum">The smallest value allowed.</param>
/// <param name="maximum">The largest value allowed.</param>
public sealed class BetweenAttribute(long minimum, long maximum) : RuleAttribute
{
    /// <summary>The smallest value allowed.</summary>
    public long Minimum => minimum;

    /// <summary>The largest value allowed.</summary>
    public long Maximum => maximum;

    /// <inheritdoc/>
    public override string? Check(object value)
    {
        var number = Convert.ToDecimal(value, System.Globalization.CultureInfo.InvariantCulture);
        return number < minimum || number > maximum ? $"must be between {minimum} and {maximum}" : null;
    }

    /// <inheritdoc/>
    public override void Describe(JsonObject schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        schema["minimum"] = minimum;
        schema["maximum"] = maximum;
    }
}

/// <summary>How many characters a text, or how many elements a list or map may have.</summary>
/// <param name="minimum">The fewest allowed.</param>
/// <param name="maximum">The most allowed.</param>
public sealed class SizeAttribute(int minimum, int maximum) : RuleAttribute
{
    /// <summary>The fewest allowed.</summary>
    public int Minimum => minimum;

    /// <summary>The most allowed.</summary>
    public int Maximum => maximum;

    /// <inheritdoc/>
    public override string? Check(object value)
    {
        var (size, unit) = value switch
        {
            string text => (text.Length, "characters"),
            ICollection list => (list.Count, "elements"),
            IEnumerable sequence => (sequence.Cast<object?>().Count(), "elements"),
            _ => throw new ArgumentException($"A {value?.GetType()} has no size.", nameof(value)),
        };
        return size < minimum && size == 0 ? "must not be empty"
            : size < minimum || size > maximum ? $"must have {minimum} to {maximum} {unit}, and has {size}"
            : null;
    }

    /// <inheritdoc/>
    public override void Describe(JsonObject schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var kind = schema["type"] is JsonArray types ? types.First()!.GetValue<string>() : schema["type"]?.GetValue<string>();
        var suffix = kind switch { "array" => "Items", "object" => "Properties", _ => "Length" };
        schema["min" + suffix] = minimum;
        schema["max" + suffix] = maximum;
    }
}
