namespace Osapi.Plans.Expressions;

/// <summary>The operators <c>+ - * / %</c>.</summary>
internal static class Arithmetic
{
    /// <summary>Returns the type of a result; null when the operator does not take these types.</summary>
    public static ValueType? TypeOf(string op, ValueType left, ValueType right) => (op, left, right) switch
    {
        ("+" or "-" or "*" or "/" or "%", ValueType.IntType, ValueType.IntType) => ValueType.Int,
        ("+" or "-" or "*" or "/", ValueType.NumberType, ValueType.NumberType) => ValueType.Number,
        ("+", ValueType.TextType, ValueType.TextType) => ValueType.Text,
        ("+", ValueType.ListType(var one), ValueType.ListType(var other)) => ValueType.List(TypeRelations.Join(one, other)),
        ("+" or "-", ValueType.TimestampType, ValueType.DurationType) or ("+", ValueType.DurationType, ValueType.TimestampType) => ValueType.Timestamp,
        ("-", ValueType.TimestampType, ValueType.TimestampType) or ("+" or "-", ValueType.DurationType, ValueType.DurationType) => ValueType.Duration,
        ("+", ValueType.AnyType, ValueType.TextType) or ("+", ValueType.TextType, ValueType.AnyType) => ValueType.Text,
        (_, ValueType.AnyType, var type) => IsOperand(op, type) ? ValueType.Any : null,
        (_, var type, ValueType.AnyType) => IsOperand(op, type) ? ValueType.Any : null,
        _ => null,
    };

    public static object Apply(string op, object? left, object? right, Evaluation evaluation)
    {
        try
        {
            return (op, left, right) switch
            {
                ("+", long one, long other) => checked(one + other),
                ("-", long one, long other) => checked(one - other),
                ("*", long one, long other) => checked(one * other),
                ("/" or "%", long, 0L) => throw new ValueException("division by zero"),
                ("/", long one, long other) => checked(one / other),
                ("%", long one, long other) => other == -1 ? 0 : one % other,
                ("+" or "-" or "*" or "/", long or double or RawNumber, long or double or RawNumber) => Apply(op, Kinds.Number(left)!.Value, Kinds.Number(right)!.Value),
                ("+", string one, string other) => Concat(one, other, evaluation),
                ("+", ListValue one, ListValue other) => Concat(one, other, evaluation),
                ("+", DateTimeOffset time, TimeSpan duration) => time + duration,
                ("+", TimeSpan duration, DateTimeOffset time) => time + duration,
                ("-", DateTimeOffset time, TimeSpan duration) => time - duration,
                ("-", DateTimeOffset one, DateTimeOffset other) => Times.Checked(one - other),
                ("+", TimeSpan one, TimeSpan other) => Times.Checked(one + other),
                ("-", TimeSpan one, TimeSpan other) => Times.Checked(one - other),
                _ => throw new ValueException(Problem(op, Kinds.Of(left), Kinds.Of(right))),
            };
        }
        catch (Exception overflow) when (overflow is OverflowException or ArgumentOutOfRangeException)
        {
            throw new ValueException(left is long ? $"the result of '{op}' does not fit into an int (64 bits)" : $"the result of '{op}' is out of range");
        }
    }

    /// <summary>Returns the message for types that an operator does not take.</summary>
    public static string Problem(string op, ValueType left, ValueType right) => (op, left, right) switch
    {
        ("%", _, _) when left.IsNumeric && right.IsNumeric => "'%' takes two ints",
        (_, { IsNumeric: true }, { IsNumeric: true }) => $"'{op}' takes two ints or two numbers, and here is one of each; write double(..), or 2.0 for 2",
        ("+", ValueType.TextType, _) or ("+", _, ValueType.TextType) => $"'+' does not join {left.Phrase} and {right.Phrase}; write string(..) to make a text of a value",
        _ => $"'{op}' does not take {left.Phrase} and {right.Phrase}",
    };

    private static bool IsOperand(string op, ValueType type) => type switch
    {
        ValueType.AnyType or ValueType.IntType => true,
        ValueType.NumberType => op != "%",
        ValueType.ListType => op == "+",
        ValueType.TimestampType or ValueType.DurationType => op is "+" or "-",
        _ => false,
    };

    private static double Apply(string op, double one, double other) => op switch
    {
        "+" => one + other,
        "-" => one - other,
        "*" => one * other,
        _ => one / other,
    };

    private static string Concat(string one, string other, Evaluation evaluation)
    {
        evaluation.Budget.ChargeNew((long)one.Length + other.Length);
        return one + other;
    }

    private static ItemList Concat(ListValue one, ListValue other, Evaluation evaluation)
    {
        evaluation.Budget.Charge(one.Count + other.Count);
        return evaluation.List([.. Enumerable.Range(0, one.Count).Select(i => one[i]), .. Enumerable.Range(0, other.Count).Select(i => other[i])]);
    }
}
