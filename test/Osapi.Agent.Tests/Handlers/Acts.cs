using System.Text.Json.Serialization;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Agent.Tests.Handlers;

/// <summary>A request with a rule and a time limit of its own.</summary>
public sealed record Act
{
    /// <summary>Whose turn it is.</summary>
    public required string Name { get; init; }

    /// <summary>Seconds; 30 when not given.</summary>
    [Range(0, 300)]
    public double? Timeout { get; init; }
}

/// <summary>What came of it.</summary>
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
