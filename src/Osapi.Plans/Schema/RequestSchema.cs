using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Plans.Schema;

/// <summary>The schema of the members of a request as they are written in a plan: each may be an expression, and a text may look like a number.</summary>
internal static class RequestSchema
{
    private static readonly ContractSchema Contracts = new(XmlDocs.Catalog);

    public static JsonObject Of(Operation operation)
    {
        var schema = Contracts.Of(operation.RequestInfo);
        Write(schema);
        if (schema["required"] is not JsonArray { Count: > 0 })
            schema["type"] = new JsonArray("object", "null");
        schema["patternProperties"] = new JsonObject { ["^<<$"] = true };
        return schema;
    }

    private static void Write(JsonObject schema)
    {
        if (schema["properties"] is JsonObject properties)
            foreach (var name in properties.Select(property => property.Key).ToList())
                properties[name] = Member(properties[name]);
        if (schema["items"] is JsonObject items)
            schema["items"] = Member(items);
        if (schema["additionalProperties"] is JsonObject values)
            schema["additionalProperties"] = Member(values);
    }

    private static JsonNode? Member(JsonNode? written)
    {
        if (written is not JsonObject schema)
            return written?.DeepClone();
        schema = (JsonObject)schema.DeepClone();
        Write(schema);
        var types = schema["type"] switch
        {
            JsonArray several => several.Select(type => type!.GetValue<string>()).ToList(),
            JsonValue one => [one.GetValue<string>()],
            _ => [],
        };
        if (types.Count == 0)
            return schema;
        if (types.Contains("string") && schema["enum"] is null)
        {
            schema["type"] = new JsonArray([.. types.Union(["number", "boolean"]).Select(type => (JsonNode)type)]);
            // A text without rules may hold an expression as it is.
            if (schema["pattern"] is null && schema["maxLength"] is null && schema["format"] is null)
                return schema;
        }

        return Parts.OrExpression(schema);
    }
}
