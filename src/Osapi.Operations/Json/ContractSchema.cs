using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Json;

/// <summary>The JSON Schema (2020-12) of a contract, with its rules and its words.</summary>
/// <param name="words">Where the descriptions come from.</param>
public sealed class ContractSchema(XmlWords words)
{
    /// <summary>The schema of a request or a result. Nested records stand where they are used: it has no references.</summary>
    public JsonObject Of(JsonTypeInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        var options = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };
        return info.GetJsonSchemaAsNode(options).AsObject();
    }

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode exported)
    {
        var info = context.TypeInfo;
        var schema = OfConverter(info, nullable: context.PropertyInfo?.IsGetNullable == true) ?? exported as JsonObject ?? [];
        // A converter's schema is "true", anything, which the exporter leaves out where it stands for elements.
        var elements = info.Kind switch { JsonTypeInfoKind.Enumerable => "items", JsonTypeInfoKind.Dictionary => "additionalProperties", _ => null };
        if (elements is not null && OfConverter(info.Options.GetTypeInfo(info.ElementType!), nullable: false) is { } element)
            schema[elements] = element;

        if (context.PropertyInfo is { } property)
        {
            foreach (var rule in RuleProblems.RulesOf(property))
                rule.Describe(schema, info.Kind);
            // Null is a way to leave a member out.
            if (!property.IsRequired && info.Options.UnmappedMemberHandling == JsonUnmappedMemberHandling.Disallow)
                AllowNull(schema);
            Describe(schema, words.Of(property));
        }
        else if (context.Path.IsEmpty)
        {
            Describe(schema, words.Of(info.Type));
        }

        return schema;
    }

    // The exporter cannot look into converters of our own.
    private static JsonObject? OfConverter(JsonTypeInfo info, bool nullable)
    {
        JsonNode type = nullable ? new JsonArray("string", "null") : "string";
        if (info.Converter is ITextConverter text)
            return new() { ["type"] = type, ["pattern"] = text.Rule.Pattern };
        if ((Nullable.GetUnderlyingType(info.Type) ?? info.Type) is not { IsEnum: true } @enum)
            return null;
        var names = WireName.All(@enum).Select(name => (JsonNode?)name);
        return new() { ["type"] = type, ["enum"] = new JsonArray([.. nullable ? names.Append(null) : names]) };
    }

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
