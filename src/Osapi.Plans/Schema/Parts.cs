using System.Text.Json.Nodes;

namespace Osapi.Plans.Schema;

/// <summary>The parts that the schema of plan files is made of.</summary>
internal static class Parts
{
    /// <summary>Creates the schema of a text. An editor reads <c>0644</c> or <c>yes</c> as another type; here they are text.</summary>
    public static JsonObject Text(string? description = null)
    {
        JsonObject schema = new() { ["type"] = new JsonArray("string", "number", "boolean"), ["minLength"] = 1 };
        if (description is not null)
            schema["description"] = description;
        return schema;
    }

    public static JsonObject Reference(string definition) => new() { ["$ref"] = $"#/definitions/{definition}" };

    /// <summary>Creates the schema of a value, or an expression that gives it.</summary>
    public static JsonObject OrExpression(JsonObject schema)
    {
        JsonObject either = [];
        if (schema["description"] is { } description)
        {
            schema.Remove("description");
            either["description"] = description.DeepClone();
        }

        either["anyOf"] = new JsonArray(schema, Reference("expression"));
        return either;
    }

    /// <summary>Creates the schema of a mapping without other members, except those for editors and anchors.</summary>
    public static JsonObject Closed(JsonObject properties, params ReadOnlySpan<string> required) => new()
    {
        ["type"] = "object",
        ["properties"] = properties,
        ["patternProperties"] = new JsonObject { ["^(x-|<<$)"] = true },
        ["additionalProperties"] = false,
        ["required"] = new JsonArray([.. required.ToArray().Select(name => (JsonNode)name)]),
    };

    /// <summary>Creates the schema of a text, or a list of texts.</summary>
    public static JsonObject Texts(string description) => new()
    {
        ["description"] = description,
        ["anyOf"] = new JsonArray(Text(), new JsonObject { ["type"] = "array", ["items"] = Text() }),
    };
}
