using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Operations.Audit;

namespace Osapi.Controller.OpenApi;

/// <summary>Adds the export of the audit log to the document; it is a stream, and so is not an operation of the catalog.</summary>
internal static class OpenApiAudit
{
    public static void Add(JsonObject paths) => paths[AuditOperations.ExportRoute.Template] = new JsonObject
    {
        [AuditOperations.ExportRoute.Method.ToLowerInvariant()] = new JsonObject
        {
            ["operationId"] = "audit.export",
            ["tags"] = new JsonArray("audit"),
            ["summary"] = "Streams the audit log of all controllers, in order within each chain.",
            ["parameters"] = new JsonArray(Time("since", "Only entries of this time or later."), Time("until", "Only entries before this time.")),
            ["responses"] = new JsonObject
            {
                ["200"] = new JsonObject
                {
                    ["description"] = "The entries: with `Accept: application/x-ndjson` one a line, otherwise as one list.",
                    ["content"] = new JsonObject
                    {
                        ["application/json"] = new JsonObject { ["schema"] = Reference("AuditList") },
                        [AuditOperations.JsonLines] = new JsonObject { ["schema"] = Reference("AuditEntry") },
                    },
                },
                ["default"] = OpenApiComponents.ProblemReference(),
            },
            ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }),
            ["x-permission"] = Permissions.AuditRead,
        },
    };

    private static JsonObject Time(string name, string description) => OpenApiComponents.Parameter(name, "query", description, new() { ["type"] = "string", ["format"] = "date-time" }, "2026-11-30T17:00:00Z");

    private static JsonObject Reference(string schema) => new() { ["$ref"] = $"#/components/schemas/{schema}" };
}
