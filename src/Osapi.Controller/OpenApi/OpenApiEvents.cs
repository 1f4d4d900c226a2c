using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Controller.OpenApi;

/// <summary>Adds the event streams to the document; they do not return JSON and so are not operations of the catalog.</summary>
internal static class OpenApiEvents
{
    private const string ExampleJob = "0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10";

    public static void Add(JsonObject paths)
    {
        Add(paths, JobOperations.EventsRoute, "job.watch", "Follows a job: its changes so far, then new ones, until it is finished.", JobId(), Replies());
        Add(paths, JobOperations.AllEventsRoute, "job.watch_all", "Follows all jobs from now on, or from the event on that Last-Event-ID names.");
        OpenApiRunEvents.Add(paths);
    }

    private static void Add(JsonObject paths, HttpRoute route, string id, string summary, params ReadOnlySpan<JsonObject> parameters)
    {
        JsonArray all = [];
        foreach (var parameter in parameters)
            all.Add((JsonNode)parameter);
        all.Add((JsonNode)LastEventId());
        paths[route.Template] = new JsonObject
        {
            [route.Method.ToLowerInvariant()] = new JsonObject
            {
                ["operationId"] = id,
                ["tags"] = new JsonArray("job"),
                ["summary"] = summary,
                ["parameters"] = all,
                ["responses"] = new JsonObject
                {
                    ["200"] = new JsonObject
                    {
                        ["description"] = "Server-sent events: the id is the change's sequence in the log, the data is JSON. A comment is sent after every 15 seconds without a change. "
                            + "The event end marks a finished job; a stream that ends without it should be resumed.",
                        ["content"] = new JsonObject { ["text/event-stream"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" }, ["example"] = Example() } },
                    },
                    ["204"] = new JsonObject { ["description"] = "The job is finished, and nothing has changed since the event that Last-Event-ID names." },
                    ["default"] = OpenApiComponents.ProblemReference(),
                },
                ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }),
                ["x-permission"] = Permissions.JobRead,
            },
        };
        if (parameters.Length == 0)
            (paths[route.Template]![route.Method.ToLowerInvariant()]!["responses"] as JsonObject)!.Remove("204");
    }

    private static JsonObject JobId() => new()
    {
        ["name"] = "id",
        ["in"] = "path",
        ["required"] = true,
        ["description"] = "The job.",
        ["schema"] = new JsonObject { ["type"] = "string", ["format"] = "uuid" },
        ["example"] = ExampleJob,
    };

    private static JsonObject Replies() => new()
    {
        ["name"] = "replies",
        ["in"] = "query",
        ["required"] = false,
        ["description"] = "true: the event of a host that has ended carries its entry of the answer as reply, unless the entry is very large; and an unknown job is waited for up to a second.",
        ["schema"] = new JsonObject { ["type"] = "boolean", ["default"] = false },
        ["example"] = true,
    };

    public static JsonObject LastEventId() => new()
    {
        ["name"] = "Last-Event-ID",
        ["in"] = "header",
        ["required"] = false,
        ["description"] = "The id of the last received event: the stream continues after it. An id that the log does not have is ignored.",
        ["schema"] = new JsonObject { ["type"] = "integer", ["format"] = "int64" },
        ["example"] = 41,
    };

    private static string Example()
    {
        JobUpdate update = new()
        {
            Sequence = 42,
            JobId = Osapi.Operations.JobId.Parse(ExampleJob),
            Timestamp = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Event = "completed",
            Hostname = "web-01",
            Message = "Completed on web-01",
            Status = JobStatus.Completed,
            Outcome = Outcome.Ok,
        };
        return $"id: 42\nevent: completed\ndata: {JsonSerializer.Serialize(update, JobOperations.UpdateInfo)}\n\nevent: end\ndata: {{\"job_id\":\"{ExampleJob}\"}}\n\n";
    }
}
