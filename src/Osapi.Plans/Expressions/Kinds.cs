namespace Osapi.Plans.Expressions;

/// <summary>The kinds of values during an evaluation.</summary>
internal static class Kinds
{
    /// <summary>Returns the type of a value, without what it contains.</summary>
    public static ValueType Of(object? value) => value switch
    {
        null => ValueType.Null,
        bool => ValueType.Bool,
        long => ValueType.Int,
        double or RawNumber => ValueType.Number,
        string => ValueType.Text,
        DateTimeOffset => ValueType.Timestamp,
        TimeSpan => ValueType.Duration,
        ListValue => ValueType.List(ValueType.Any),
        MapValue => ValueType.Map(ValueType.Any),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>Returns a number as IEEE 754; null when the value is no number.</summary>
    public static double? Number(object? value) => value switch
    {
        long number => number,
        double number => number,
        RawNumber number => number.Value,
        _ => null,
    };
}
