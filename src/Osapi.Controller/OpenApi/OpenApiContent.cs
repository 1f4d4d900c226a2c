using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Operations.Json;

namespace Osapi.Controller.OpenApi;

/// <summary>Describes the content of files in the document: as a part of a form, and as a download.</summary>
internal static class OpenApiContent
{
    /// <summary>
    /// Creates a request's schema as a form: the local file is a separate part, and some members are in the query.
    /// </summary>
    public static JsonObject Form(Operation operation, JsonObject body)
    {
        var file = operation.RequestInfo.Properties.Single(property => property.PropertyType == typeof(LocalFile)).Name;
        JsonObject properties = [];
        foreach (var (name, schema) in body["properties"]!.AsObject())
            if (name == file)
                properties[LocalFile.Part] = new JsonObject { ["type"] = "string", ["format"] = "binary", ["contentMediaType"] = "application/octet-stream", ["description"] = "The content, not empty." };
            else if (!operation.Route.QueryMembers.Contains(name))
                properties[name] = schema!.DeepClone();
        return new()
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray([.. body["required"]!.AsArray().Select(name => (JsonNode)(name!.GetValue<string>() is var member && member == file ? LocalFile.Part : member))]),
        };
    }

    /// <summary>Creates a request's example as a form.</summary>
    public static JsonObject FormExample(Operation operation, JsonObject members)
    {
        JsonObject example = [];
        foreach (var property in operation.RequestInfo.Properties)
            if (property.PropertyType == typeof(LocalFile))
                example[LocalFile.Part] = "port = {{ vars.port }}\n";
            else if (!operation.Route.QueryMembers.Contains(property.Name) && members[property.Name] is { } value)
                example[property.Name] = value.DeepClone();
        return example;
    }

    /// <summary>
    /// Adds the download of a stored file, which does not return JSON and so is not an operation of the catalog.
    /// </summary>
    public static void AddDownload(JsonObject paths, ContractSchema schemas)
    {
        var name = schemas.Of(FileOperations.Get.RequestInfo)["properties"]!["name"]!.AsObject();
        var description = name["description"]?.DeepClone();
        var schema = (JsonObject)name.DeepClone();
        schema.Remove("description");
        paths[FileOperations.ContentRoute.Template] = new JsonObject
        {
            [FileOperations.ContentRoute.Method.ToLowerInvariant()] = new JsonObject
            {
                ["operationId"] = "file.download",
                ["tags"] = new JsonArray("file"),
                ["summary"] = "Reads the content of a stored file.",
                ["parameters"] = new JsonArray(new JsonObject
                {
                    ["name"] = "name",
                    ["in"] = "path",
                    ["required"] = true,
                    ["description"] = description,
                    ["schema"] = schema,
                    ["example"] = "app.conf.tmpl",
                }),
                ["responses"] = new JsonObject
                {
                    ["200"] = new JsonObject
                    {
                        ["description"] = "The content.",
                        ["content"] = new JsonObject { ["application/octet-stream"] = new JsonObject { ["schema"] = new JsonObject() } },
                    },
                    ["default"] = OpenApiComponents.ProblemReference(),
                },
                ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }),
                ["x-permission"] = Permissions.FileRead,
            },
        };
    }
}
