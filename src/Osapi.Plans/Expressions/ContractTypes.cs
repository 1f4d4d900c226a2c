using System.Text.Json.Serialization.Metadata;
using Osapi.Operations.Json;

namespace Osapi.Plans.Expressions;

/// <summary>The types of the catalog's contracts.</summary>
internal static class ContractTypes
{
    /// <summary>Returns the type of a contract's JSON, such as an operation's result.</summary>
    /// <param name="info">The contract.</param>
    /// <param name="name">A phrase for messages, such as <c>the result of 'deploy'</c>.</param>
    public static ValueType Of(JsonTypeInfo info, string name) => Of(info, name, []);

    // A contract that contains itself is only known as far as it does not.
    private static ValueType Of(JsonTypeInfo info, string name, HashSet<Type> outer)
    {
        var type = System.Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        if (type != info.Type)
            info = info.Options.GetTypeInfo(type);
        if (type == typeof(string) || ITextConverter.Of(info) is not null)
            return ValueType.Text;
        if (type.IsEnum)
            return ValueType.OneOf(SnakeCaseName.All(type));
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Enumerable:
                return ValueType.List(Of(info.Options.GetTypeInfo(info.ElementType!), "an element", outer));
            case JsonTypeInfoKind.Dictionary:
                return ValueType.Map(Of(info.Options.GetTypeInfo(info.ElementType!), "a value", outer));
            case JsonTypeInfoKind.Object when outer.Add(type):
                var members = info.Properties
                    .Where(property => property.Get is not null)
                    .ToDictionary(property => property.Name, property => Member(property, outer));
                outer.Remove(type);
                return ValueType.Struct(name, members);
            default:
                return Leaf(type);
        }
    }

    private static StructMember Member(JsonPropertyInfo property, HashSet<Type> outer)
    {
        var type = Of(property.Options.GetTypeInfo(property.PropertyType), $"'{property.Name}'", outer);
        if (property.IsGetNullable)
            return new(type.OrNull);
        return new(type) { Default = property.IsRequired ? null : Default(type) };
    }

    // What is neither nullable nor required is left out when it is the default.
    private static object? Default(ValueType type) => type switch
    {
        ValueType.BoolType => false,
        ValueType.IntType => 0L,
        ValueType.NumberType => 0.0,
        ValueType.TextType(null, _) => "",
        ValueType.ListType => new ItemList([], 1),
        ValueType.MapType => new ItemMap([], 1),
        _ => null,
    };

    private static ValueType Leaf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => ValueType.Bool,
        TypeCode.Byte or TypeCode.SByte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Int32 or TypeCode.UInt32 or TypeCode.Int64 or TypeCode.UInt64 => ValueType.Int,
        TypeCode.Single or TypeCode.Double or TypeCode.Decimal => ValueType.Number,
        _ when type == typeof(DateTimeOffset) || type == typeof(DateTime) || type == typeof(Guid) => ValueType.Text,
        _ => ValueType.Any,
    };
}
