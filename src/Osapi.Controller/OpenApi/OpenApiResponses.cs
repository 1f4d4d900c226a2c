using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Controller.OpenApi;

/// <summary>
/// Creates the schemas of responses. Each is named after the operation's result, so that generated clients have
/// readable types.
/// </summary>
internal sealed class OpenApiResponses(ContractSchema schemas, NamedSchemas named)
{
    /// <summary>Creates the envelope of an operation on hosts.</summary>
    public JsonObject OfHosts(Operation operation)
    {
        var name = operation.ResultInfo.Type.Name;
        JsonObject properties = new()
        {
            ["job_id"] = new JsonObject { ["type"] = "string", ["format"] = "uuid", ["description"] = "The job that the call became." },
            ["results"] = new JsonObject
            {
                ["type"] = "array",
                ["description"] = "One entry for each host that was expected to answer.",
                ["items"] = named.Add($"{name}Entry", Entry(operation)),
            },
        };
        if (operation.RepeatsEntry)
            foreach (var (member, schema) in Repeated(operation))
                properties[member] = schema!.DeepClone();
        return named.Add($"{name}Reply", new()
        {
            ["type"] = "object",
            ["description"] = "The answer of each host.",
            ["properties"] = properties,
            ["required"] = new JsonArray("job_id", "results"),
        });
    }

    /// <summary>
    /// Creates the response of a controller operation. One schema describes the result and the check, because a
    /// generated client cannot distinguish them before parsing.
    /// </summary>
    public JsonObject OfController(Operation operation)
    {
        var result = schemas.Of(operation.ResultInfo);
        var name = operation.ResultInfo.Type.Name;
        if (!operation.CanBeChecked)
            return named.Add(name, result);
        // A result without members has no schema.
        if (result["properties"] is not JsonObject { Count: > 0 } properties)
            return result;
        // With check=true none of the other members is present.
        result.Remove("required");
        properties["check"] = OpenApiComponents.CheckReference();
        properties["reachable"] = new JsonObject { ["type"] = "boolean", ["description"] = "False when the host did not start in time, or did not report its end, and its agent did not answer the controller; otherwise left out." };
        return named.Add($"{name}OrCheck", result);
    }

    // Each entry has the host's own members and the result's, side by side.
    private JsonObject Entry(Operation operation)
    {
        var properties = OwnMembers(operation);
        if (schemas.Of(operation.ResultInfo)["properties"] is JsonObject members)
            foreach (var (name, schema) in members.Where(member => !properties.ContainsKey(member.Key)))
                properties[name] = schema!.DeepClone();
        return new()
        {
            ["type"] = "object",
            ["description"] = "The reply of one host; the members of the result are present when there is one.",
            ["properties"] = properties,
            ["required"] = new JsonArray("hostname", "outcome", "changed"),
        };
    }

    private JsonObject OwnMembers(Operation operation)
    {
        JsonObject properties = new()
        {
            ["hostname"] = OpenApiComponents.Text("The name of the agent on the host."),
            ["outcome"] = Described(schemas.OfEnum(typeof(Outcome)), "The outcome. A newer version may have more values."),
        };
        if (!operation.ResultHasStatus)
            properties["status"] = new JsonObject { ["type"] = "string", ["description"] = "The outcome as the Go reference names it: ok, skipped, or failed for every other outcome." };
        properties["changed"] = new JsonObject { ["type"] = "boolean", ["description"] = "True when the host changed." };
        properties["error"] = OpenApiComponents.Text("The error, or the reason why it was skipped.");
        properties["error_type"] = Described(schemas.OfEnum(typeof(ErrorType)), "The type of error. A newer version may have more values.");
        properties["check"] = OpenApiComponents.CheckReference();
        return properties;
    }

    private JsonObject Repeated(Operation operation)
    {
        JsonObject repeated = [];
        var entry = Entry(operation)["properties"]!.AsObject();
        foreach (var name in (string[])["hostname", "changed", "error", "status", "path", "sha256"])
            repeated[name] = Described((JsonObject)entry[name]!.DeepClone(), $"The {name} of the only entry; only in an answer for exactly one host.");
        return repeated;
    }

    private static JsonObject Described(JsonObject schema, string description)
    {
        schema["description"] = description;
        return schema;
    }
}
