using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Sample;

/// <summary>Lists things: members in path and query.</summary>
public sealed record ListSamples
{
    /// <summary>The unit, in the path.</summary>
    public required UnitName Unit { get; init; }

    /// <summary>The maximum number.</summary>
    [Range(1, 100)]
    public int? Limit { get; init; }

    /// <summary>The names to include.</summary>
    public IReadOnlyList<string> Names { get => field ?? []; init; }

    /// <summary>True to include ended ones.</summary>
    public bool? All { get; init; }
}

/// <summary>Replaces an object of the controller.</summary>
public sealed record PutSample
{
    /// <summary>The name, free text in the path.</summary>
    public required string Name { get; init; }

    /// <summary>The content.</summary>
    public string? Content { get; init; }
}

/// <summary>The result.</summary>
/// <param name="Output">The text.</param>
/// <param name="Changed">True when something changed.</param>
/// <param name="Note">A note; null for none.</param>
public sealed record SampleResult(string Output, bool Changed, string? Note = null);

/// <summary>A list.</summary>
/// <param name="Names">The names.</param>
public sealed record SampleList(IReadOnlyList<string> Names);

/// <summary>A sample family with every kind of operation.</summary>
public static class SampleOperations
{
    public static Operation<RunSample, SampleResult> Run { get; } = new("sample.unit.run", Idempotency.NonIdempotent)
    {
        Route = HttpRoute.Post("/node/{hostname}/sample/{unit}/run"),
        Permission = Permissions.CommandExecute,
        Request = SampleJson.Requests.RunSample,
        Result = SampleJson.Results.SampleResult,
        Timeout = request => TimeSpan.FromSeconds(request.Timeout ?? 30),
        Example = static () => (Full(), new("hello", Changed: true)),
    };

    public static Operation<ListSamples, SampleList> List { get; } = new("sample.unit.list", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/node/{hostname}/sample/{unit}"),
        Permission = Permissions.NodeRead,
        Request = SampleJson.Requests.ListSamples,
        Result = SampleJson.Results.SampleList,
        Example = static () => (new() { Unit = "nginx.service" }, new(["a", "b"])),
    };

    public static ControllerOperation<PutSample, SampleResult> Put { get; } = new("sample.thing.update", Idempotency.Idempotent)
    {
        Route = HttpRoute.Put("/sample/{name}"),
        Permission = Permissions.FileWrite,
        Request = SampleJson.Requests.PutSample,
        Result = SampleJson.Results.SampleResult,
        Example = static () => (new() { Name = "a" }, new("a", Changed: false)),
    };

    /// <summary>Creates a request with every member.</summary>
    public static RunSample Full() => new()
    {
        Unit = "nginx.service",
        Command = "ls",
        Args = ["-l", "/"],
        Timeout = 30,
        Bytes = 5_000_000_000,
        Share = 0.5,
        Weight = 1.5,
        Price = 9.99m,
        Env = new Dictionary<string, string> { ["A"] = "1", ["B"] = "" },
        Weights = new Dictionary<string, int> { ["x"] = 1 },
        Roles = new Dictionary<string, UnitName> { ["web"] = "nginx" },
        Cwd = "/tmp",
        Mode = SampleMode.WordByWord,
        Fallbacks = [SampleMode.Raw],
        Owner = new() { Name = "root", Id = 0 },
        Mounts = [new() { Source = "/a", Labels = ["x"] }, new() { Source = "/b" }],
        Then = ["a.service", "b.service"],
        Detached = false,
        Vars = new JsonObject { ["deep"] = new JsonObject { ["list"] = new JsonArray(1, "two", null) } },
    };
}

[JsonSerializable(typeof(RunSample)), JsonSerializable(typeof(ListSamples)), JsonSerializable(typeof(PutSample))]
[JsonSerializable(typeof(SampleResult)), JsonSerializable(typeof(SampleList))]
internal sealed partial class SampleJson : JsonSerializerContext
{
    public static SampleJson Requests { get; } = new(JsonConventions.Strict);

    public static SampleJson Results { get; } = new(JsonConventions.Lenient);
}
