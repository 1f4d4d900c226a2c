using System.Text.Json.Nodes;

namespace Osapi.Operations.Json;

/// <summary>The named schemas of an OpenAPI document.</summary>
internal sealed class NamedSchemas
{
    private readonly SortedDictionary<string, JsonObject> schemas = new(StringComparer.Ordinal);

    /// <summary>Adds a schema under a name; adding the same schema again has no effect.</summary>
    /// <returns>A reference to it.</returns>
    /// <exception cref="InvalidOperationException">Another schema has the name.</exception>
    public JsonObject Add(string name, JsonObject schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        if (!schemas.TryAdd(name, schema) && !JsonNode.DeepEquals(schemas[name], schema))
            throw new InvalidOperationException($"Two schemas have the name {name}: {schemas[name].ToJsonString()} and {schema.ToJsonString()}");
        return new() { ["$ref"] = $"#/components/schemas/{name}" };
    }

    /// <summary>Returns all schemas, ordered by name.</summary>
    public JsonObject ToJson() => new(schemas.Select(schema => KeyValuePair.Create<string, JsonNode?>(schema.Key, schema.Value.DeepClone())));
}
