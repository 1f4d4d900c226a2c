using System.Text.Json.Serialization;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Agent.Tests.Sample;

/// <summary>A request of the test operations.</summary>
internal sealed record Work
{
    /// <summary>The name under which it is counted, held and released.</summary>
    public required string Name { get; init; }

    /// <summary>The characters of output; none by default.</summary>
    [Range(0, 10_000_000)]
    public int? Size { get; init; }
}

/// <summary>The result of the test operations.</summary>
internal sealed record WorkDone(string Name, bool Changed, string? Output = null);

/// <summary>One operation of each kind.</summary>
internal static class WorkOperations
{
    public static Operation<Work, WorkDone> Act { get; } = Of("work.act.execute", Idempotency.NonIdempotent);

    public static Operation<Work, WorkDone> Ensure { get; } = Of("work.state.ensure", Idempotency.Idempotent);

    public static Operation<Work, WorkDone> Look { get; } = Of("work.state.get", Idempotency.ReadOnly);

    public static Operation<Work, WorkDone> Glance { get; } = Of("work.glance.get", Idempotency.ReadOnly, isQuick: true);

    private static Operation<Work, WorkDone> Of(string id, Idempotency idempotency, bool isQuick = false) => new(id, idempotency)
    {
        Quick = isQuick,
        Route = HttpRoute.Post("/node/{hostname}/work"),
        Permission = Permissions.CommandExecute,
        Request = WorkJson.Requests.Work,
        Result = WorkJson.Results.WorkDone,
        Example = static () => (new() { Name = "a" }, new("a", Changed: true)),
        Timeout = static _ => TimeSpan.FromMinutes(1),
    };
}

[JsonSerializable(typeof(Work)), JsonSerializable(typeof(WorkDone))]
internal sealed partial class WorkJson : JsonSerializerContext
{
    public static WorkJson Requests { get; } = new(JsonConventions.Strict);

    public static WorkJson Results { get; } = new(JsonConventions.Lenient);
}
