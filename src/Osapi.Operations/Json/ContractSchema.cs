using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Json;

/// <summary>The JSON Schema (2020-12) of a contract, with its rules and its words.</summary>
/// <param name="words">Where the descriptions come from.</param>
public sealed class ContractSchema(XmlWords words)
{
    /// <summary>The schema of a request or a result.</summary>
    public JsonObject Of(JsonTypeInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        var options = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };
        return info.GetJsonSchemaAsNode(options) as JsonObject ?? [];
    }

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        // A member whose value has a converter of its own comes as "true": anything.
        var node = schema as JsonObject ?? [];
        var info = context.TypeInfo;
        var nullable = context.PropertyInfo?.IsGetNullable == true;
        Complete(node, info, nullable);
        // The exporter drops "items: true" before this is called, so elements with a converter are restored here.
        if (info.Kind == JsonTypeInfoKind.Enumerable && !node.ContainsKey("items"))
        {
            JsonObject items = [];
            Complete(items, info.Options.GetTypeInfo(info.ElementType!), nullable: false);
            node["items"] = items;
        }

        if (context.PropertyInfo is { } property)
        {
            foreach (var rule in RuleProblems.RulesOf(property))
                rule.Describe(node);
            if (words.Of(property) is { } description)
                node["description"] = description;
        }
        else if (context.Path.IsEmpty && words.Of(info.Type) is { } summary)
        {
            node["description"] = summary;
        }

        return node;
    }

    private static void Complete(JsonObject node, JsonTypeInfo info, bool nullable)
    {
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        if (info.Converter is ITextConverter text)
        {
            node["type"] = TypeName("string", nullable);
            node["pattern"] = text.Rule.Pattern;
        }
        else if (type.IsEnum && !node.ContainsKey("type"))
        {
            node["type"] = TypeName("string", nullable);
        }
    }

    private static JsonNode TypeName(string name, bool nullable) => nullable ? new JsonArray(name, "null") : JsonValue.Create(name);
}
