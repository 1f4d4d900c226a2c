using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Operations.Runs;

namespace Osapi.Controller.OpenApi;

/// <summary>Adds the event streams of runs to the document; they do not return JSON and so are not operations of the catalog.</summary>
internal static class OpenApiRunEvents
{
    public static void Add(JsonObject paths)
    {
        paths[RunOperations.EventsRoute.Template] = Stream(
            RunOperations.EventsRoute, "run.watch", "Follows a run: its journal so far, then new messages, until it has ended.", Permissions.RunRead,
            "Server-sent events named entries: the id is the position of the message, the data is the message as JSON. A comment is sent after every 15 seconds without one. The event end marks a run that has ended; a stream that ends without it should be resumed.",
            Example(), RunId(), OpenApiEvents.LastEventId());
        var events = (JsonObject)paths[RunOperations.EventsRoute.Template]!["get"]!["responses"]!;
        events["204"] = new JsonObject { ["description"] = "The run has ended, and nothing was appended after the message that Last-Event-ID names." };
        paths[RunOperations.SignalsRoute.Template] = Stream(
            RunOperations.SignalsRoute, "run.signals", "Listens to the signals to the runner of a run, which is heard while the stream is open.", Permissions.RunWrite,
            "Server-sent events: cancel when somebody wants the run to be cancelled, taken_over when another runner or a later run has taken its place, and end when it has ended. A comment is sent every 15 seconds. Another caller than the runner's gets 403.",
            "event: cancel\ndata: {\"by\":\"alice\"}\n\n", RunId(), Runner());
    }

    private static JsonObject Stream(HttpRoute route, string id, string summary, string permission, string description, string example, params ReadOnlySpan<JsonObject> parameters)
    {
        JsonArray all = [];
        foreach (var parameter in parameters)
            all.Add((JsonNode)parameter);
        return new()
        {
            [route.Method.ToLowerInvariant()] = new JsonObject
            {
                ["operationId"] = id,
                ["tags"] = new JsonArray("run"),
                ["summary"] = summary,
                ["parameters"] = all,
                ["responses"] = new JsonObject
                {
                    ["200"] = new JsonObject
                    {
                        ["description"] = description,
                        ["content"] = new JsonObject { ["text/event-stream"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" }, ["example"] = example } },
                    },
                    ["default"] = OpenApiComponents.ProblemReference(),
                },
                ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }),
                ["x-permission"] = permission,
            },
        };
    }

    private static JsonObject RunId() => Id("id", "path", "The run.", RunExamples.Id);

    private static JsonObject Runner() => Id("runner", "query", "The runner.", RunExamples.Runner);

    private static JsonObject Id(string name, string place, string description, RunId example) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["required"] = true,
        ["description"] = description,
        ["schema"] = new JsonObject { ["type"] = "string", ["format"] = "uuid" },
        ["example"] = example.Value,
    };

    private static string Example()
    {
        var batch = RunExamples.Journal.Items[0];
        return $"id: {batch.Position}\nevent: entries\ndata: {JsonSerializer.Serialize(batch, RunOperations.BatchInfo)}\n\nevent: end\ndata: {{\"id\":\"{RunExamples.Id}\"}}\n\n";
    }
}
