using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations;

namespace Osapi.Plans.Schema;

/// <summary>
/// The JSON Schema (draft 7) of plan files, for editors. It is derived from the catalog, and knows the structure; names that refer to
/// each other are checked by <c>osapi plan validate</c>.
/// </summary>
internal static class PlanSchema
{
    private const string Extensions = "^(x-|<<$)";

    /// <summary>Creates the schema as indented text.</summary>
    public static string Text(OperationCatalog catalog)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Create(catalog).WriteTo(writer);
        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    /// <summary>Creates the schema.</summary>
    public static JsonObject Create(OperationCatalog catalog) => new()
    {
        ["$schema"] = "http://json-schema.org/draft-07/schema#",
        ["title"] = "OSAPI plan",
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["version"] = new JsonObject { ["const"] = 1, ["description"] = "The version of the language. Without it the file has no variables and expressions." },
            ["name"] = Parts.Text("The name of the plan."),
            ["description"] = Parts.Text("What the plan does."),
            ["vars"] = new JsonObject { ["type"] = "object", ["description"] = "The variables: a default value each, or type, default, required, description and enum.", ["additionalProperties"] = Variable() },
            ["secrets"] = new JsonObject { ["type"] = "object", ["description"] = "The secrets, and where each comes from.", ["additionalProperties"] = Secret() },
            ["on_error"] = Parts.Reference("on_error"),
            ["max_parallelism"] = Parts.OrExpression(new() { ["type"] = "integer", ["minimum"] = 1, ["description"] = "The number of tasks that run at the same time at most." }),
            ["deadline"] = Parts.Reference("duration"),
            ["flow"] = Parts.OrExpression(new() { ["enum"] = new JsonArray("task", "host"), ["description"] = "The order in which hosts go on: task by task, or each host as soon as it can." }),
            ["confirm"] = Parts.Text("A question that is asked before anything runs."),
            ["tasks"] = Parts.Reference("tasks"),
        },
        ["patternProperties"] = new JsonObject { [Extensions] = true },
        ["additionalProperties"] = false,
        ["required"] = new JsonArray("name", "tasks"),
        ["if"] = new JsonObject { ["not"] = new JsonObject { ["required"] = new JsonArray("version") } },
        ["then"] = new JsonObject { ["propertyNames"] = new JsonObject { ["enum"] = new JsonArray("name", "on_error", "max_parallelism", "deadline", "flow", "tasks") } },
        ["definitions"] = TaskSchemas.Create(catalog),
    };

    private static JsonObject Variable() => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = new JsonArray("string", "number", "boolean", "array") },
            Parts.Closed(
                new()
                {
                    ["type"] = new JsonObject { ["enum"] = new JsonArray("text", "int", "number", "bool", "list", "map") },
                    ["default"] = true,
                    ["required"] = new JsonObject { ["type"] = "boolean" },
                    ["description"] = Parts.Text("What the variable is for."),
                    ["enum"] = new JsonObject { ["type"] = "array", ["minItems"] = 1 },
                })),
    };

    private static JsonObject Secret() => new()
    {
        ["oneOf"] = new JsonArray(
            Parts.Closed(new() { ["env"] = Parts.Text("The environment variable.") }, "env"),
            Parts.Closed(new() { ["file"] = Parts.Text("The file.") }, "file"),
            Parts.Closed(new() { ["prompt"] = Parts.Text("The question.") }, "prompt"),
            Parts.Closed(new() { ["command"] = new JsonObject { ["type"] = "array", ["minItems"] = 1, ["description"] = "The command whose output is the secret." } }, "command")),
    };
}
