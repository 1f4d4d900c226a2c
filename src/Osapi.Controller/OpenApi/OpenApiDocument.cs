using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Controller.OpenApi;

/// <summary>The OpenAPI 3.1 description of the REST interface, generated from the catalog.</summary>
public static class OpenApiDocument
{
    /// <summary>Creates the document for a catalog.</summary>
    public static JsonObject Create(OperationCatalog catalog, string version)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        NamedSchemas named = new();
        ContractSchema schemas = new(XmlDocs.Catalog, named);
        OpenApiOperation factory = new(XmlDocs.Catalog, schemas, named);
        JsonObject paths = [];
        foreach (var operation in catalog.OrderBy(operation => operation.Route.Template, StringComparer.Ordinal))
        {
            if (paths[operation.Route.Template] is not JsonObject path)
                paths[operation.Route.Template] = path = [];
            path[operation.Route.Method.ToLowerInvariant()] = factory.Create(operation);
        }

        OpenApiContent.AddDownload(paths, schemas);
        OpenApiEvents.Add(paths);
        OpenApiOutput.Add(paths);
        OpenApiAudit.Add(paths);
        OpenApiSubmission.Add(paths, schemas, named);
        return new()
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "OSAPI",
                ["version"] = version,
                ["description"] = "Manages Linux hosts: every operation runs as a job on the hosts that its target names.",
                ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["tags"] = new JsonArray([.. catalog.DistinctBy(operation => operation.Family).Select(operation =>
                (JsonNode)new JsonObject { ["name"] = operation.Family, ["description"] = XmlDocs.Catalog.OfFamily(operation) })]),
            ["paths"] = paths,
            ["components"] = OpenApiComponents.Create(named),
        };
    }

    /// <summary>Creates the document as indented text.</summary>
    public static string Text(OperationCatalog catalog, string version)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Create(catalog, version).WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }
}
