using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Controller.OpenApi;

/// <summary>Creates the shared components of the document.</summary>
internal static class OpenApiComponents
{
    private const string ExampleJob = "0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10";

    /// <summary>Creates all named components.</summary>
    public static JsonObject Create(NamedSchemas named) => new()
    {
        ["securitySchemes"] = new JsonObject { ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["bearerFormat"] = "JWT" } },
        ["parameters"] = new JsonObject
        {
            ["target"] = Parameter("hostname", "path", "The hosts: _any, _all, a host name, or a label key:value.", new() { ["type"] = "string" }, "_any"),
            ["start_within"] = Parameter("start_within", "query", "Seconds within which a host must start; after that it never starts.",
                new() { ["type"] = "number", ["format"] = "double", ["minimum"] = 1, ["maximum"] = 3600, ["default"] = 10 }, 10),
            ["check"] = Parameter("check", "query", "true: a dry run; the answer has the changes that would be made, on each host or on the controller, and nothing is changed.", new() { ["type"] = "boolean", ["default"] = false }, false),
            ["cancel_on_disconnect"] = Parameter("cancel_on_disconnect", "query", "true: the job is cancelled when the connection drops before the answer. Otherwise it continues, and can be read by its id.",
                new() { ["type"] = "boolean", ["default"] = false }, false),
            ["idempotency_key"] = Parameter("Idempotency-Key", "header", "The job's id, chosen by the caller: the same id with the same request is the same job.",
                new() { ["type"] = "string", ["format"] = "uuid" }, ExampleJob),
            ["prefer"] = Parameter("Prefer", "header", "respond-async answers as soon as the job is accepted (RFC 7240).", new() { ["type"] = "string" }, "respond-async"),
        },
        ["schemas"] = Schemas(named),
        ["responses"] = new JsonObject
        {
            ["problem"] = new JsonObject
            {
                ["description"] = "The error (RFC 9457).",
                ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/Problem" }, ["example"] = ProblemExample() } },
            },
        },
    };

    private static JsonObject Schemas(NamedSchemas named)
    {
        named.Add("Check", Check());
        named.Add("Problem", Problem());
        return named.ToJson();
    }

    public static JsonObject EnvelopeExample(Operation operation, JsonObject result)
    {
        JsonObject entry = new() { ["hostname"] = "web-01", ["outcome"] = "ok" };
        if (!operation.ResultHasStatus)
            entry["status"] = "ok";
        entry["changed"] = result["changed"]?.DeepClone() ?? false;
        foreach (var (name, value) in result.Where(member => !entry.ContainsKey(member.Key)))
            entry[name] = value?.DeepClone();
        return new() { ["job_id"] = ExampleJob, ["results"] = new JsonArray(entry) };
    }

    public static JsonObject CheckExample() => new() { ["check"] = new JsonObject { ["changed"] = true } };

    public static JsonObject AcceptedExample(Operation operation)
    {
        JsonObject entry = new() { ["hostname"] = "web-01", ["outcome"] = "running" };
        if (!operation.ResultHasStatus)
            entry["status"] = "failed";
        entry["changed"] = false;
        entry["error"] = "not started yet";
        return new() { ["job_id"] = ExampleJob, ["results"] = new JsonArray(entry) };
    }

    public static JsonObject CheckReference() => new() { ["$ref"] = "#/components/schemas/Check", ["description"] = "With check=true: the changes that it would make." };

    private static JsonObject Check() => new()
    {
        ["type"] = "object",
        ["description"] = "The changes that a call would make.",
        ["properties"] = new JsonObject
        {
            ["changed"] = new JsonObject { ["type"] = new JsonArray("boolean", "null"), ["description"] = "True when it would change something, false when it would not; null when that cannot be predicted." },
            ["reason"] = Text("The reason why the result cannot be predicted, if it is not obvious."),
            ["diff"] = Text("The change to a file's text as a unified diff; sizes and hashes for content that is not text, is large, or is not world-readable."),
            ["content_diff"] = Text("The change to the text of a file that is not world-readable, for callers with the permission file:content."),
            ["before"] = new JsonObject { ["type"] = "object", ["description"] = "The current settings." },
            ["after"] = new JsonObject { ["type"] = "object", ["description"] = "The settings after the change." },
        },
        ["required"] = new JsonArray("changed"),
    };

    private static JsonObject Problem() => new()
    {
        ["type"] = "object",
        ["description"] = "The error (RFC 9457).",
        ["properties"] = new JsonObject
        {
            ["type"] = Text("A stable name of the kind of problem."),
            ["title"] = Text("The kind of problem as text."),
            ["status"] = new JsonObject { ["type"] = "integer", ["format"] = "int32", ["description"] = "The status of the answer." },
            ["detail"] = Text("The error message."),
            ["error"] = Text("The same as detail."),
            ["errors"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" }, ["description"] = "All errors, one by one." },
            ["job_id"] = new JsonObject { ["type"] = "string", ["format"] = "uuid", ["description"] = "The job, once there is one." },
            ["results"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "object" }, ["description"] = "The replies of the hosts." },
        },
        ["required"] = new JsonArray("type", "title", "status", "error"),
    };

    private static JsonObject ProblemExample() => new()
    {
        ["type"] = "urn:osapi:problem:invalid-request",
        ["title"] = "The request is not valid",
        ["status"] = 400,
        ["detail"] = "limit must be between 1 and 100; statu is unknown; did you mean 'status'?",
        ["error"] = "limit must be between 1 and 100; statu is unknown; did you mean 'status'?",
        ["errors"] = new JsonArray("limit must be between 1 and 100", "statu is unknown; did you mean 'status'?"),
    };

    /// <summary>Creates the reference to the error response.</summary>
    public static JsonObject ProblemReference() => new() { ["$ref"] = "#/components/responses/problem" };

    /// <summary>Creates a parameter; one in a path is required.</summary>
    public static JsonObject Parameter(string name, string place, string description, JsonObject schema, JsonNode example) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["required"] = place == "path",
        ["description"] = description,
        ["schema"] = schema,
        ["example"] = example,
    };

    public static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };
}
