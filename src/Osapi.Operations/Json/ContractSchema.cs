using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Json;

/// <summary>Creates the JSON Schema (2020-12) of a contract, with its rules and descriptions.</summary>
/// <param name="docs">The source of the descriptions.</param>
/// <param name="named">
/// Collects the schemas of records and enumerations and makes the contract refer to them; null to inline each schema where it is
/// used, so that the result is self-contained.
/// </param>
internal sealed class ContractSchema(XmlDocs docs, NamedSchemas? named = null)
{
    /// <summary>Creates the schema of a request or a result.</summary>
    public JsonObject Of(JsonTypeInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        var options = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };
        return info.GetJsonSchemaAsNode(options).AsObject();
    }

    // The exporter refers to a type that it has met before by its place in the whole schema, where this part may not stay.
    private JsonObject? OfRepeated(JsonTypeInfo info, JsonNode exported, bool nullable)
    {
        if (exported is not JsonObject reference || reference["$ref"]?.GetValue<string>() is not { } place || place.StartsWith("#/components/", StringComparison.Ordinal))
            return null;
        var schema = Of(info);
        schema.Remove("description");
        return Named(info.Type, schema, nullable);
    }

    /// <summary>Creates the schema of an enumeration that is written as snake_case names.</summary>
    public JsonObject OfEnum(Type type) =>
        Named(type, new() { ["type"] = "string", ["enum"] = new JsonArray([.. SnakeCaseName.All(type).Select(name => (JsonNode)JsonValue.Create(name))]) }, nullable: false);

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode exported)
    {
        var info = context.TypeInfo;
        // In a request, null is the same as leaving a member out.
        var nullable = context.PropertyInfo is { } member
            && (member.IsGetNullable || (!member.IsRequired && info.Options.UnmappedMemberHandling == JsonUnmappedMemberHandling.Disallow));
        var schema = OfConverter(info, nullable) ?? OfRepeated(info, exported, nullable) ?? exported as JsonObject ?? [];
        // The schema of a custom converter is "true" (anything), which the exporter leaves out for elements.
        var elements = info.Kind switch { JsonTypeInfoKind.Enumerable => "items", JsonTypeInfoKind.Dictionary => "additionalProperties", _ => null };
        if (elements is not null && OfConverter(info.Options.GetTypeInfo(info.ElementType!), nullable: false) is { } element)
            schema[elements] = element;
        if (NumberFormat(info.Type) is { } format)
            schema["format"] = format;
        if (!context.Path.IsEmpty && info.Kind == JsonTypeInfoKind.Object && schema["properties"] is not null)
            schema = Named(info.Type, schema, nullable);

        if (context.PropertyInfo is { } property)
        {
            foreach (var rule in RuleProblems.RulesOf(property))
                rule.Describe(schema, info.Kind);
            if (nullable)
                AllowNull(schema);
            Describe(schema, docs.Of(property));
        }
        else if (context.Path.IsEmpty)
        {
            Describe(schema, docs.Of(info.Type));
        }

        return schema;
    }

    // The exporter cannot inspect our own converters.
    private JsonObject? OfConverter(JsonTypeInfo info, bool nullable)
    {
        JsonNode type = nullable ? new JsonArray("string", "null") : "string";
        // Some texts have a converter that saves memory, such as the output of a command.
        if (info.Type == typeof(string))
            return new() { ["type"] = type };
        if (ITextConverter.Of(info) is { } text)
        {
            JsonObject schema = new() { ["type"] = type, ["pattern"] = text.Rule.Pattern };
            if (text.Rule.Format is { } format)
                schema["format"] = format;
            return schema;
        }

        if ((System.Nullable.GetUnderlyingType(info.Type) ?? info.Type) is not { IsEnum: true } @enum)
            return null;
        if (named is not null)
            return Nullable(OfEnum(@enum), nullable);
        var names = SnakeCaseName.All(@enum).Select(name => (JsonNode?)name);
        return new() { ["type"] = type, ["enum"] = new JsonArray([.. nullable ? names.Append(null) : names]) };
    }

    private JsonObject Named(Type type, JsonObject schema, bool nullable)
    {
        if (named is null)
            return schema;
        if (schema["type"] is JsonArray)
            schema["type"] = "object";
        Describe(schema, docs.Of(type));
        return Nullable(named.Add(type.Name, schema), nullable);
    }

    private static JsonObject Nullable(JsonObject schema, bool nullable) =>
        nullable ? new() { ["oneOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) } : schema;

    // Generated clients treat a number without a format as 32-bit, which is too small for sizes of memories and disks.
    private static string? NumberFormat(Type type) => Type.GetTypeCode(System.Nullable.GetUnderlyingType(type) ?? type) switch
    {
        _ when (System.Nullable.GetUnderlyingType(type) ?? type).IsEnum => null,
        TypeCode.Int64 or TypeCode.UInt64 or TypeCode.UInt32 => "int64",
        TypeCode.Int32 or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Byte => "int32",
        TypeCode.Double => "double",
        TypeCode.Single => "float",
        _ => null,
    };

    private static void AllowNull(JsonObject schema)
    {
        if (schema["type"] is JsonValue type)
            schema["type"] = new JsonArray(type.DeepClone(), "null");
        if (schema["enum"] is JsonArray names && !names.Contains(null))
            names.Add(null);
    }

    private static void Describe(JsonObject schema, string? description)
    {
        if (description is not null)
            schema["description"] = description;
    }
}
