using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Plans.Schema;

/// <summary>The schemas of tasks, includes and blocks.</summary>
internal static class TaskSchemas
{
    public static JsonObject Create(OperationCatalog catalog) => new()
    {
        ["expression"] = new JsonObject { ["type"] = "string", ["pattern"] = @"\$\{\{", ["description"] = "An expression, ${{ }}." },
        ["duration"] = Parts.OrExpression(new() { ["type"] = "string", ["pattern"] = "^([0-9]+(ms|s|m|h|d))+$", ["description"] = "A duration, such as 500ms, 90s, 1m30s, 2h or 7d." }),
        ["on_error"] = OnError(),
        ["condition"] = new JsonObject { ["anyOf"] = new JsonArray(Parts.Text("An expression, or always."), Status()) },
        ["hosts"] = Parts.OrExpression(new() { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer", ["minimum"] = 0 }, new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]+%?$" }) }),
        ["target"] = new JsonObject
        {
            ["description"] = "The hosts: _any, _all, a host name, a label key:value, or the hosts of another task.",
            ["anyOf"] = new JsonArray(Parts.Text(), Parts.Closed(new() { ["same_as"] = Parts.Text("The task whose hosts these are.") }, "same_as")),
        },
        ["tasks"] = Tasks("entry"),
        ["entry"] = Entry("task_with_target"),
        // The target of a block is that of its tasks.
        ["block_tasks"] = Tasks("block_entry"),
        ["block_entry"] = Entry("task"),
        ["include"] = Include(),
        ["block"] = Block(),
        ["task"] = Task(catalog),
        ["task_with_target"] = new JsonObject { ["allOf"] = new JsonArray(Parts.Reference("task"), NeedsTarget(catalog)) },
    };

    private static JsonObject Tasks(string entry) => new() { ["type"] = "array", ["minItems"] = 1, ["description"] = "The tasks.", ["items"] = Parts.Reference(entry) };

    private static JsonObject Entry(string task) => new()
    {
        ["type"] = "object",
        ["if"] = Has("include"),
        ["then"] = Parts.Reference("include"),
        ["else"] = new JsonObject { ["if"] = Has("block"), ["then"] = Parts.Reference("block"), ["else"] = Parts.Reference(task) },
    };

    private static JsonObject NeedsTarget(OperationCatalog catalog)
    {
        var onHosts = new JsonArray([.. catalog.Where(operation => operation.RunsOn == RunsOn.Host).Select(operation => (JsonNode)operation.Id)]);
        return new()
        {
            ["if"] = new JsonObject { ["properties"] = new JsonObject { ["op"] = new JsonObject { ["enum"] = onHosts } }, ["required"] = new JsonArray("op") },
            ["then"] = Has("target"),
        };
    }

    private static JsonObject Has(string key) => new() { ["required"] = new JsonArray(key) };

    private static JsonObject Task(OperationCatalog catalog)
    {
        var task = Parts.Closed(
            new()
            {
                ["name"] = Parts.Text("The name of the task; unique in the plan."),
                ["op"] = new JsonObject
                {
                    ["description"] = "The operation.",
                    ["enum"] = new JsonArray([.. catalog.Select(operation => (JsonNode)operation.Id)]),
                    // Not of the standard; editors show it beside the values.
                    ["markdownEnumDescriptions"] = new JsonArray([.. catalog.Select(operation => (JsonNode)XmlDocs.Catalog.Of(operation))]),
                },
                ["target"] = Parts.Reference("target"),
                ["with"] = new JsonObject { ["type"] = new JsonArray("object", "null"), ["description"] = "The members of the request." },
                ["depends_on"] = Parts.Texts("The tasks that must have ended before."),
                ["when"] = When(),
                ["only_if_changed"] = new JsonObject { ["type"] = "boolean", ["description"] = "Runs only if a task in depends_on has changed something." },
                ["only_if_failed"] = new JsonObject { ["type"] = "boolean", ["description"] = "Runs only if a task in depends_on has failed." },
                ["on_error"] = Parts.Reference("on_error"),
                ["timeout"] = Parts.Reference("duration"),
                ["allow_host_failures"] = Parts.Reference("hosts"),
                ["max_host_failures"] = Parts.Reference("hosts"),
                ["allow_empty"] = new JsonObject { ["type"] = "boolean", ["description"] = "True if the target may have no hosts." },
                ["changed_when"] = When(),
                ["failed_when"] = When(),
                ["start_within"] = Parts.Reference("duration"),
                ["tags"] = Parts.Texts("The tags of the task."),
                ["for_each"] = ForEach(),
                ["confirm"] = Parts.Text("A question that is asked before anything runs."),
            },
            "name", "op");
        task["allOf"] = new JsonArray([.. catalog.Select(operation => (JsonNode)OfOperation(operation))]);
        return task;
    }

    // What the operation makes of `with` and `target`.
    private static JsonObject OfOperation(Operation operation)
    {
        var request = RequestSchema.Of(operation);
        JsonObject properties = new() { ["with"] = request };
        List<string> required = [];
        if (request["required"] is JsonArray { Count: > 0 })
            required.Add("with");
        if (operation.RunsOn == RunsOn.Controller)
            properties["target"] = false;
        return new()
        {
            ["if"] = new JsonObject { ["properties"] = new JsonObject { ["op"] = new JsonObject { ["const"] = operation.Id } }, ["required"] = new JsonArray("op") },
            ["then"] = new JsonObject { ["properties"] = properties, ["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]) },
        };
    }

    private static JsonObject Include() => Parts.Closed(
        new()
        {
            ["include"] = Parts.Text("The file, relative to this one."),
            ["name"] = Parts.Text("The prefix of the names of its tasks; default: the name of the file."),
            ["with"] = new JsonObject { ["type"] = "object", ["description"] = "The values of its variables." },
            ["depends_on"] = Parts.Texts("The tasks that must have ended before."),
            ["when"] = When(),
            ["tags"] = Parts.Texts("The tags of its tasks."),
            ["for_each"] = ForEach(),
        },
        "include");

    private static JsonObject Block() => Parts.Closed(
        new()
        {
            ["block"] = Parts.Text("The name of the block."),
            ["target"] = Parts.Reference("target"),
            ["when"] = When(),
            ["on_error"] = Parts.Reference("on_error"),
            ["tags"] = Parts.Texts("The tags of its tasks."),
            ["depends_on"] = Parts.Texts("The tasks that must have ended before."),
            ["tasks"] = Parts.Reference("block_tasks"),
            ["always"] = Parts.Reference("block_tasks"),
        },
        "block", "tasks");

    private static JsonObject When() => new()
    {
        ["description"] = "A condition, or a list of conditions that must all hold.",
        ["anyOf"] = new JsonArray(Parts.Reference("condition"), new JsonObject { ["type"] = "array", ["items"] = Parts.Reference("condition") }),
    };

    private static JsonObject Status()
    {
        string[] ends = ["succeeded", "changed", "unchanged", "skipped", "failed", "cancelled"];
        JsonObject one = new() { ["enum"] = new JsonArray([.. ends.Select(end => (JsonNode)end)]) };
        return Parts.Closed(
            new()
            {
                ["task"] = Parts.Text("The task."),
                ["status"] = new JsonObject { ["anyOf"] = new JsonArray(one, new JsonObject { ["type"] = "array", ["items"] = one.DeepClone() }) },
                ["reason"] = Parts.Text("The reason in the report when the task is skipped."),
            },
            "task", "status");
    }

    private static JsonObject ForEach() => new()
    {
        ["description"] = "Runs the task for each item of a list or map; each.key and each.value are the item.",
        ["type"] = new JsonArray("array", "object", "string"),
    };

    private static JsonObject OnError() => new()
    {
        ["description"] = "What an error does: stop_all, continue, retry(N), or a mapping.",
        ["anyOf"] = new JsonArray(
            Parts.OrExpression(new() { ["type"] = "string", ["pattern"] = @"^(stop_all|continue|retry\([0-9]+\)(\.then\((stop_all|continue)\))?)$" }),
            Parts.Closed(
                new()
                {
                    ["retry"] = Parts.OrExpression(new() { ["type"] = "integer", ["minimum"] = 1, ["description"] = "The number of retries." }),
                    ["initial"] = Parts.Reference("duration"),
                    ["max"] = Parts.Reference("duration"),
                    ["then"] = Parts.OrExpression(new() { ["enum"] = new JsonArray("stop_all", "continue") }),
                },
                "retry")),
    };
}
