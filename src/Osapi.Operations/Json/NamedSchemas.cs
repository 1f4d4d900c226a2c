using System.Text.Json.Nodes;

namespace Osapi.Operations.Json;

/// <summary>The named schemas of an OpenAPI document.</summary>
internal sealed class NamedSchemas
{
    private readonly SortedDictionary<string, JsonObject> schemas = new(StringComparer.Ordinal);

    /// <summary>
    /// Adds a schema under a name; adding the same schema again has no effect. A record that is part of requests and of results has two schemas:
    /// the second one gets a longer name.
    /// </summary>
    /// <returns>A reference to it.</returns>
    /// <exception cref="InvalidOperationException">Another schema has the name.</exception>
    public JsonObject Add(string name, JsonObject schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        if (schemas.TryGetValue(name, out var known) && IsStrict(known) != IsStrict(schema))
            name += IsStrict(schema) ? "Input" : "Output";
        if (!schemas.TryAdd(name, schema) && !JsonNode.DeepEquals(schemas[name], schema))
            throw new InvalidOperationException($"Two schemas have the name {name}: {schemas[name].ToJsonString()} and {schema.ToJsonString()}");
        return new() { ["$ref"] = $"#/components/schemas/{name}" };
    }

    private static bool IsStrict(JsonObject schema) => schema["additionalProperties"] is JsonValue additional && additional.TryGetValue<bool>(out var allows) && !allows;

    /// <summary>Returns all schemas, ordered by name.</summary>
    public JsonObject ToJson() => new(schemas.Select(schema => KeyValuePair.Create<string, JsonNode?>(schema.Key, schema.Value.DeepClone())));
}
