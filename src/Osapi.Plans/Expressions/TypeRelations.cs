namespace Osapi.Plans.Expressions;

/// <summary>The relations between types: what can be equal, compared, passed.</summary>
internal static class TypeRelations
{
    /// <summary>Determines whether values of the two types can be equal.</summary>
    public static bool CanEqual(ValueType left, ValueType right) => (left, right) switch
    {
        (ValueType.AnyType, _) or (_, ValueType.AnyType) => true,
        (ValueType.NullType, _) => right is ValueType.NullType or ValueType.NullableType,
        (_, ValueType.NullType) => left is ValueType.NullableType,
        (ValueType.NullableType(var inner), _) => CanEqual(inner, right),
        (_, ValueType.NullableType(var inner)) => CanEqual(left, inner),
        // Two texts of the author are compared on purpose.
        (ValueType.TextType(var values, var areLiteral), ValueType.TextType(var others, var alsoLiteral)) => values is null || others is null || (areLiteral && alsoLiteral) || values.Intersect(others).Any(),
        (ValueType.ListType(var element), ValueType.ListType(var other)) => CanEqual(element, other),
        (ValueType.MapType(var value), ValueType.MapType(var other)) => CanEqual(value, other),
        (ValueType.MapType or ValueType.StructType, ValueType.MapType or ValueType.StructType) => true,
        _ => left == right || (left.IsNumeric && right.IsNumeric),
    };

    /// <summary>Determines whether one value can be less than the other.</summary>
    public static bool CanCompare(ValueType left, ValueType right) => (left.NotNull, right.NotNull) switch
    {
        (ValueType.AnyType, var other) => IsOrdered(other),
        (var other, ValueType.AnyType) => IsOrdered(other),
        (ValueType.TextType, ValueType.TextType) => true,
        var (one, other) => IsOrdered(one) && (one == other || (one.IsNumeric && other.IsNumeric)),
    };

    /// <summary>Determines whether a value of a type can be passed as a parameter of another.</summary>
    public static bool Accepts(ValueType parameter, ValueType type) => (parameter, type.NotNull) switch
    {
        (_, ValueType.AnyType) or (ValueType.AnyType, _) => true,
        (ValueType.TextType, var given) => given is ValueType.TextType,
        (ValueType.ListType(var element), ValueType.ListType(var given)) => Accepts(element, given),
        (ValueType.MapType, var given) => given is ValueType.MapType or ValueType.StructType,
        var (wanted, given) => wanted == given,
    };

    /// <summary>Returns the type of a value that has one of two types.</summary>
    public static ValueType Join(ValueType one, ValueType other) => (one, other) switch
    {
        _ when one == other => one,
        (ValueType.NullType, _) => other.OrNull,
        (_, ValueType.NullType) => one.OrNull,
        (ValueType.NullableType(var inner), _) => Join(inner, other).OrNull,
        (_, ValueType.NullableType(var inner)) => Join(one, inner).OrNull,
        (ValueType.TextType(var values, var areLiteral), ValueType.TextType(var others, var alsoLiteral)) =>
            values is null || others is null ? ValueType.Text : new ValueType.TextType([.. values.Union(others)], areLiteral && alsoLiteral),
        (ValueType.ListType(var element), ValueType.ListType(var given)) => ValueType.List(Join(element, given)),
        (ValueType.MapType(var value), ValueType.MapType(var given)) => ValueType.Map(Join(value, given)),
        _ => ValueType.Any,
    };

    private static bool IsOrdered(ValueType type) => type.IsNumeric
        || type is ValueType.AnyType or ValueType.TextType or ValueType.BoolType or ValueType.TimestampType or ValueType.DurationType;
}
