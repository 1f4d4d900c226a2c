using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Json;

namespace Osapi.Controller.OpenApi;

/// <summary>Adds the output of a job to the document; it is bytes and not JSON, and so is not an operation of the catalog.</summary>
internal static class OpenApiOutput
{
    public static void Add(JsonObject paths) => paths[JobOperations.OutputRoute.Template] = new JsonObject
    {
        [JobOperations.OutputRoute.Method.ToLowerInvariant()] = new JsonObject
        {
            ["operationId"] = "job.output",
            ["tags"] = new JsonArray("job"),
            ["summary"] = "Reads the output of a job on one host, byte for byte.",
            ["parameters"] = new JsonArray(
                OpenApiComponents.Parameter("id", "path", "The job.", new() { ["type"] = "string", ["format"] = "uuid" }, "0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10"),
                OpenApiComponents.Parameter("host", "query", "The host; may be left out for a job on one host.", new() { ["type"] = "string" }, "web-01"),
                OpenApiComponents.Parameter("stream", "query", "The output stream.", new() { ["type"] = "string", ["enum"] = new JsonArray([.. SnakeCaseName.All(typeof(OutputStream)).Select(name => (JsonNode)name)]), ["default"] = "stdout" }, "stderr"),
                OpenApiComponents.Parameter("follow", "query", "true: goes on until the job has ended on the host, and waits up to a second for an unknown job.", new() { ["type"] = "boolean", ["default"] = false }, true)),
            ["responses"] = new JsonObject
            {
                ["200"] = new JsonObject
                {
                    ["description"] = "The output. The connection breaks when it cannot be read to its end.",
                    ["content"] = new JsonObject { ["application/octet-stream"] = new JsonObject { ["schema"] = new JsonObject() } },
                },
                ["default"] = OpenApiComponents.ProblemReference(),
            },
            ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }),
            ["x-permission"] = Permissions.JobRead,
        },
    };
}
