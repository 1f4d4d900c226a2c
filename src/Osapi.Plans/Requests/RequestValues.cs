using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Osapi.Plans.Expressions;
using Osapi.Plans.Yaml;
using ValueType = Osapi.Plans.Expressions.ValueType;

namespace Osapi.Plans.Requests;

/// <summary>The values of expressions as a contract takes them.</summary>
internal static class RequestValues
{
    /// <summary>Returns a value as its contract wants it: a number or a bool is its text where text is wanted, as it is in YAML.</summary>
    public static JsonNode? ForContract(JsonNode? value, JsonTypeInfo? contract) =>
        value is JsonValue && YamlValues.WantsText(contract) && value.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
            ? JsonValue.Create(value.ToJsonString())
            : value;

    /// <summary>Determines whether a contract takes values of a type.</summary>
    public static bool Takes(JsonTypeInfo? contract, ValueType type) => contract is null || type.NotNull is ValueType.AnyType || ContractTypes.Of(contract, "").NotNull switch
    {
        ValueType.TextType => type.NotNull is ValueType.TextType or ValueType.IntType or ValueType.NumberType or ValueType.BoolType,
        ValueType.NumberType => type.NotNull.IsNumeric,
        ValueType.StructType => type.NotNull is ValueType.StructType or ValueType.MapType,
        var wanted => TypeRelations.Accepts(wanted, type),
    };

    /// <summary>Returns a value of the contract, so that the rest of a request can be checked before this one is known.</summary>
    public static JsonNode? Sample(JsonTypeInfo? contract) => contract is null ? JsonValue.Create("x") : ContractTypes.Of(contract, "").NotNull switch
    {
        ValueType.TextType { Values: [var first, ..] } => JsonValue.Create(first),
        ValueType.TextType => JsonValue.Create("x"),
        ValueType.BoolType => JsonValue.Create(false),
        ValueType.IntType or ValueType.NumberType => JsonValue.Create(1),
        ValueType.ListType => new JsonArray(),
        ValueType.MapType or ValueType.StructType => new JsonObject(),
        _ => null,
    };
}
