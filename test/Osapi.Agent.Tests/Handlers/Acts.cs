using System.Text.Json.Serialization;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Agent.Tests.Handlers;

/// <summary>A request with a validation rule and a time limit.</summary>
public sealed record Act
{
    /// <summary>The name of the case.</summary>
    public required string Name { get; init; }

    /// <summary>The time limit in seconds; default 30.</summary>
    [Range(0, 300)]
    public double? Timeout { get; init; }
}

/// <summary>The result of the request.</summary>
public sealed record ActResult(string Output, bool Changed = false);

/// <summary>One operation of each kind.</summary>
internal static class Acts
{
    public static Operation<Act, ActResult> Look { get; } = Make("act.look.get", Idempotency.ReadOnly);

    public static Operation<Act, ActResult> Set { get; } = Make("act.set.update", Idempotency.Idempotent);

    public static Operation<Act, ActResult> Run { get; } = Make("act.run.execute", Idempotency.NonIdempotent);

    private static Operation<Act, ActResult> Make(string id, Idempotency idempotency) => new(id, idempotency)
    {
        Route = HttpRoute.Post("/node/{hostname}/act"),
        Permission = null,
        Request = ActJson.Requests.Act,
        Result = ActJson.Results.ActResult,
        Timeout = request => TimeSpan.FromSeconds(request.Timeout ?? 30),
        Example = static () => (new() { Name = "x" }, new("y")),
    };
}

[JsonSerializable(typeof(Act)), JsonSerializable(typeof(ActResult))]
internal sealed partial class ActJson : JsonSerializerContext
{
    public static ActJson Requests { get; } = new(JsonConventions.Strict);

    public static ActJson Results { get; } = new(JsonConventions.Lenient);
}
