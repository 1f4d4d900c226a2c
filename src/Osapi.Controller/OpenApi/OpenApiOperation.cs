using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Controller.OpenApi;

/// <summary>Creates the OpenAPI operation object of one operation.</summary>
internal sealed class OpenApiOperation(XmlDocs docs, ContractSchema schemas, NamedSchemas named)
{
    private readonly OpenApiResponses answers = new(schemas, named);

    public JsonObject Create(Operation operation)
    {
        var summary = docs.Of(operation);
        var request = schemas.Of(operation.RequestInfo);
        var example = operation.ExamplePair;
        var members = JsonSerializer.SerializeToNode(example.Request, operation.RequestInfo)!.AsObject();
        JsonArray parameters = [];
        foreach (var parameter in Parameters(operation, request, members))
            parameters.Add((JsonNode)parameter);
        JsonObject created = new()
        {
            ["operationId"] = operation.Id,
            ["tags"] = new JsonArray(operation.Family),
            ["summary"] = summary,
            ["parameters"] = parameters,
        };
        if (operation.Route.HasBody && BodySchema(operation, request) is { } body)
        {
            foreach (var name in operation.Route.Members)
                members.Remove(name);
            created["requestBody"] = new JsonObject
            {
                ["required"] = body["required"] is JsonArray { Count: > 0 },
                ["content"] = operation.Route.IsForm
                    ? new JsonObject { ["multipart/form-data"] = new JsonObject { ["schema"] = OpenApiContent.Form(operation, body), ["example"] = OpenApiContent.FormExample(operation, members) } }
                    : new JsonObject { ["application/json"] = new JsonObject { ["schema"] = named.Add(operation.RequestInfo.Type.Name, body), ["example"] = members } },
            };
        }

        created["responses"] = Responses(operation, example.Result);
        created["security"] = !operation.RequiresToken ? [] : new JsonArray(new JsonObject { ["bearer"] = new JsonArray() });
        if (operation.Permission is { } permission)
            created["x-permission"] = permission;
        created["x-idempotency"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(operation.Idempotency.ToString());
        return created;
    }

    private static IEnumerable<JsonObject> Parameters(Operation operation, JsonObject request, JsonObject example)
    {
        foreach (var name in operation.Route.Members)
            yield return name == HttpRoute.TargetMember ? Reference("target") : Parameter(name, "path", request, example, required: true);
        if (!operation.Route.HasBody && request["properties"] is JsonObject properties)
            foreach (var (name, _) in properties.Where(property => !operation.Route.Members.Contains(property.Key)))
                yield return Parameter(name, "query", request, example, required: false);
        foreach (var name in operation.Route.QueryMembers)
            yield return Parameter(name, "query", request, example, required: false);
        if (operation.CanBeChecked)
            yield return Reference("check");
        if (operation.RunsOn == RunsOn.Host)
        {
            yield return Reference("start_within");
            yield return Reference("cancel_on_disconnect");
            yield return Reference("prefer");
        }

        if (operation.BecomesJob)
            yield return Reference("idempotency_key");
    }

    private static JsonObject Parameter(string name, string place, JsonObject request, JsonObject example, bool required)
    {
        var schema = (JsonObject)request["properties"]![name]!.DeepClone();
        JsonObject parameter = new() { ["name"] = name, ["in"] = place, ["required"] = required };
        if (schema["description"] is { } description)
            parameter["description"] = description.DeepClone();
        schema.Remove("description");
        parameter["schema"] = schema;
        if (example[name] is { } value)
            parameter["example"] = value.DeepClone();
        return parameter;
    }

    // Members in the path are not part of the body.
    private static JsonObject? BodySchema(Operation operation, JsonObject request)
    {
        var body = (JsonObject)request.DeepClone();
        foreach (var name in operation.Route.Members)
        {
            (body["properties"] as JsonObject)?.Remove(name);
            if (body["required"] is JsonArray required)
                body["required"] = new JsonArray([.. required.Where(member => member!.GetValue<string>() != name).Select(member => member!.DeepClone())]);
        }

        if (body["required"] is JsonArray { Count: 0 })
            body.Remove("required");
        return body["properties"] is JsonObject { Count: > 0 } ? body : null;
    }

    private JsonObject Responses(Operation operation, object result)
    {
        var onHosts = operation.RunsOn == RunsOn.Host;
        var example = JsonSerializer.SerializeToNode(result, operation.ResultInfo)!;
        var schema = onHosts ? answers.OfHosts(operation) : answers.OfController(operation);
        if (onHosts)
            example = OpenApiComponents.EnvelopeExample(operation, example.AsObject());
        JsonObject responses = new()
        {
            [operation.SuccessStatus.ToString(CultureInfo.InvariantCulture)] = result is NoContent ? new JsonObject { ["description"] = "Done." } : Response(onHosts ? "One entry for each host that was expected to answer." : "The answer.", schema, example),
        };
        if (!onHosts && operation.CanBeChecked)
            AddCheck(responses, schema);
        if (onHosts && operation.SuccessStatus != 202)
            responses["202"] = Response("The job was accepted; the call did not wait for its end (Prefer: respond-async).", (JsonObject)schema.DeepClone(), OpenApiComponents.AcceptedExample(operation));
        responses["default"] = OpenApiComponents.ProblemReference();
        return responses;
    }

    // A check of a controller operation returns 200, whatever the operation itself returns.
    private static void AddCheck(JsonObject responses, JsonObject schema)
    {
        if (responses["200"] is JsonObject answer)
            answer["description"] = "The answer; with check=true, only check: the changes that it would make.";
        // A generated client uses one type for all successes: where the normal response has none, the check is described as text.
        else if (responses.ContainsKey("204"))
            responses["200"] = new JsonObject { ["description"] = "With check=true, an object whose only member is check: the changes that it would make." };
        else
            responses["200"] = Response("With check=true, only check: the changes that it would make.", (JsonObject)schema.DeepClone(), OpenApiComponents.CheckExample());
    }

    private static JsonObject Response(string description, JsonObject schema, JsonNode example) => new()
    {
        ["description"] = description,
        ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = schema, ["example"] = example } },
    };

    private static JsonObject Reference(string parameter) => new() { ["$ref"] = $"#/components/parameters/{parameter}" };
}
