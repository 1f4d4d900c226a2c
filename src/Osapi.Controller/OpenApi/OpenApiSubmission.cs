using System.Text.Json.Nodes;
using Osapi.Operations.Jobs;
using Osapi.Operations.Json;

namespace Osapi.Controller.OpenApi;

/// <summary>Adds the call of any operation to the document: its permission, request and answer are those of the operation in the body.</summary>
internal static class OpenApiSubmission
{
    private const string ExampleJob = "0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10";

    public static void Add(JsonObject paths, ContractSchema schemas, NamedSchemas named)
    {
        var route = JobOperations.SubmitRoute;
        var body = (JsonObject)schemas.Of(JobOperations.SubmitInfo).DeepClone();
        body["properties"]!["request"] = new JsonObject
        {
            ["type"] = "object",
            ["description"] = "The request of the operation with all of its members, also those that its own route has in the path; left out when there are none.",
        };
        var reply = named.Add("SubmitJobReply", Reply());
        paths[route.Template]![route.Method.ToLowerInvariant()] = new JsonObject
        {
            ["operationId"] = "job.submit",
            ["tags"] = new JsonArray("job"),
            ["summary"] = "Calls any operation on hosts under an id that the caller chose, and answers like the operation. The permission is that of the operation.",
            ["parameters"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = "id",
                    ["in"] = "path",
                    ["required"] = true,
                    ["description"] = "The id of the job: the same id with the same body is the same job.",
                    ["schema"] = new JsonObject { ["type"] = "string", ["format"] = "uuid" },
                    ["example"] = ExampleJob,
                },
                new JsonObject { ["$ref"] = "#/components/parameters/prefer" }),
            ["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = named.Add(nameof(SubmitJob), body), ["example"] = Example() } },
            },
            ["responses"] = new JsonObject
            {
                ["200"] = Response("The answer of a read-only operation: one entry for each host that was expected to answer.", reply, "ok", null),
                ["202"] = Response("The answer of another operation; or the job was accepted, and nobody waited for it (Prefer: respond-async).", (JsonObject)reply.DeepClone(), "running", "not started yet"),
                ["default"] = OpenApiComponents.ProblemReference(),
            },
            ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }),
        };
    }

    private static JsonObject Reply() => new()
    {
        ["type"] = "object",
        ["description"] = "The answer of each host, in the form of the operation that was called.",
        ["properties"] = new JsonObject
        {
            ["job_id"] = new JsonObject { ["type"] = "string", ["format"] = "uuid", ["description"] = "The job." },
            ["results"] = new JsonObject
            {
                ["type"] = "array",
                ["description"] = "One entry for each host that was expected to answer: hostname, outcome, changed and the members of the operation's result.",
                ["items"] = new JsonObject { ["type"] = "object" },
            },
        },
        ["required"] = new JsonArray("job_id", "results"),
    };

    private static JsonObject Example() => new()
    {
        ["operation"] = "node.hostname.get",
        ["hosts"] = new JsonArray("web-01", "web-02"),
        ["start_within"] = 30,
        ["request"] = new JsonObject(),
    };

    private static JsonObject Response(string description, JsonObject schema, string outcome, string? error)
    {
        JsonObject entry = new() { ["hostname"] = "web-01", ["outcome"] = outcome, ["changed"] = false };
        if (error is not null)
            entry["error"] = error;
        return new()
        {
            ["description"] = description,
            ["content"] = new JsonObject
            {
                ["application/json"] = new JsonObject { ["schema"] = schema, ["example"] = new JsonObject { ["job_id"] = ExampleJob, ["results"] = new JsonArray(entry) } },
            },
        };
    }
}
