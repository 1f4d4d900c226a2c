using System.Globalization;
using Osapi.Operations;

namespace Osapi.Plans.Expressions;

/// <summary>The functions that make a value of one type from another.</summary>
internal static class Conversions
{
    private static readonly string[] True = ["1", "t", "true", "T", "TRUE", "True"];
    private static readonly string[] False = ["0", "f", "false", "F", "FALSE", "False"];

    public static IReadOnlyList<Function> All { get; } =
    [
        To("int", ValueType.Int, ValueType.Int, (value, _) => value),
        To("int", ValueType.Number, ValueType.Int, (value, _) => Int(Kinds.Number(value)!.Value)),
        To("int", ValueType.Text, ValueType.Int, Int),
        To("int", ValueType.Timestamp, ValueType.Int, (value, _) => ((DateTimeOffset)value).ToUnixTimeSeconds()),
        To("double", ValueType.Number, ValueType.Number, (value, _) => value),
        To("double", ValueType.Int, ValueType.Number, (value, _) => (double)(long)value),
        To("double", ValueType.Text, ValueType.Number, Double),
        To("string", ValueType.Text, ValueType.Text, (value, _) => value),
        .. new[] { ValueType.Int, ValueType.Number, ValueType.Bool, ValueType.Timestamp, ValueType.Duration }
            .Select(type => To("string", type, ValueType.Text, (value, _) => JsonValues.TextOf(value)!)),
        To("bool", ValueType.Bool, ValueType.Bool, (value, _) => value),
        To("bool", ValueType.Text, ValueType.Bool, Bool),
        To("timestamp", ValueType.Timestamp, ValueType.Timestamp, (value, _) => value),
        To("timestamp", ValueType.Text, ValueType.Timestamp, (value, evaluation) => Times.Timestamp((string)value) ?? throw Not(value, "a timestamp such as 2026-01-31T08:00:00Z", evaluation)),
        To("timestamp", ValueType.Int, ValueType.Timestamp, (value, _) => Times.OfUnix((long)value)),
        To("duration", ValueType.Duration, ValueType.Duration, (value, _) => value),
        To("duration", ValueType.Text, ValueType.Duration, (value, evaluation) => Times.Duration((string)value) ?? throw Not(value, "a duration such as 1h30m or 500ms", evaluation)),
    ];

    private static Function To(string name, ValueType from, ValueType to, Func<object, Evaluation, object> convert) =>
        new(name, false, [from], to, (args, evaluation) => convert(args[0]!, evaluation));

    // Truncated as in Go; the bounds are exact, those of a long are not among the doubles.
    private static object Int(double number) => number is > -9223372036854775808.0 and < 9223372036854775808.0
        ? (long)number
        : throw new ValueException("the number does not fit into an int (64 bits)");

    private static object Int(object value, Evaluation evaluation) =>
        long.TryParse((string)value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Not(value, "a whole number of 64 bits", evaluation);

    private static object Double(object value, Evaluation evaluation) =>
        double.TryParse((string)value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Not(value, "a number", evaluation);

    private static object Bool(object value, Evaluation evaluation) =>
        True.Contains(value) ? true : False.Contains(value) ? false : throw Not(value, "true or false", evaluation);

    private static ValueException Not(object value, string wanted, Evaluation evaluation)
    {
        var text = (string)value;
        var hint = text.Length > 0 && (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1])) ? "; .trim() takes the spaces away" : "";
        return new(evaluation.ShowsValues ? $"'{ControlCharacters.Escape(text.Length <= 60 ? text : text[..60] + "...")}' is not {wanted}{hint}" : $"the text is not {wanted}{hint}");
    }
}
