using Osapi.Operations;

namespace Osapi.Plans.Expressions;

/// <summary>The types of the results of operators, and the messages where there is none.</summary>
internal static class OperatorTypes
{
    public static (ValueType Type, string? Problem) Of(BinaryNode node, ValueType left, ValueType right)
    {
        switch (node.Op)
        {
            case "==" or "!=":
                return (ValueType.Bool, TypeRelations.CanEqual(left, right) ? null : Never(left, right));
            case "in":
                return (ValueType.Bool, In(left, right));
            case "<" or "<=" or ">" or ">=":
                return (ValueType.Bool, TypeRelations.CanCompare(left, right) ? null : $"{left.Phrase} and {right.Phrase} cannot be compared{Conversion(left.NotNull, right.NotNull)}");
            default:
                var type = Arithmetic.TypeOf(node.Op, left.NotNull, right.NotNull);
                return (type ?? ValueType.Any, type is null ? Arithmetic.Problem(node.Op, left.NotNull, right.NotNull) : null);
        }
    }

    /// <summary>Returns the problem of an element of a list that a value is looked for in; null when it can be the value.</summary>
    public static string? Element(ValueType item, ValueType element) => TypeRelations.CanEqual(item, element) ? null : Never(item, element);

    private static string? In(ValueType item, ValueType container) => container.NotNull switch
    {
        ValueType.ListType(var element) => TypeRelations.CanEqual(item, element) ? null : $"the list cannot contain it: {Never(item, element)}",
        ValueType.MapType or ValueType.StructType => item.NotNull is ValueType.TextType or ValueType.AnyType ? null : $"the key of a map is a text, and this is {item.Phrase}",
        ValueType.AnyType => null,
        ValueType.TextType => "'in' looks into a list or a map; a part of a text is found by text.contains('part')",
        var other => $"'in' looks into a list or a map, and this is {other.Phrase}",
    };

    private static string Never(ValueType left, ValueType right)
    {
        if (left.NotNull is ValueType.TextType(var values, _) && right.NotNull is ValueType.TextType(var others, _) && values is not null && others is not null)
            return values is [var one] ? NotOneOf(one, others) : others is [var other] ? NotOneOf(other, values) : "the two texts can never be equal";
        if (left is ValueType.NullType || right is ValueType.NullType)
            return $"{(left is ValueType.NullType ? right : left).Phrase} is never null here";
        return $"{left.Phrase} and {right.Phrase} can never be equal{Conversion(left.NotNull, right.NotNull)}";
    }

    private static string NotOneOf(string text, IReadOnlyList<string> values)
    {
        var shown = ControlCharacters.Escape(text.Length <= 60 ? text : text[..60] + "...");
        return $"it is never '{shown}'{Suggestions.Hint(shown, values)} (known: {string.Join(", ", values.Take(20))}{(values.Count > 20 ? ", ..." : "")})";
    }

    private static string Conversion(ValueType left, ValueType right) => (left, right) switch
    {
        (ValueType.TextType, ValueType.IntType) or (ValueType.IntType, ValueType.TextType) => "; convert one of them with int(..) or string(..)",
        (ValueType.TextType, ValueType.NumberType) or (ValueType.NumberType, ValueType.TextType) => "; convert one of them with double(..) or string(..)",
        (ValueType.TextType, ValueType.BoolType) or (ValueType.BoolType, ValueType.TextType) => "; convert one of them with bool(..) or string(..)",
        (ValueType.TextType, ValueType.TimestampType) or (ValueType.TimestampType, ValueType.TextType) => "; convert the text with timestamp(..)",
        (ValueType.TextType, ValueType.DurationType) or (ValueType.DurationType, ValueType.TextType) => "; convert the text with duration(..)",
        (ValueType.ListType, _) or (_, ValueType.ListType) => "; an element of a list is found with 'in', its length with size(..)",
        _ => "",
    };
}
