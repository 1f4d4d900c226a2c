using System.Text.Json;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Runs;

/// <summary>
/// Makes another runner the one that may append to the journal. A run whose runner is heard is not taken over without <c>force</c>; one that
/// was superseded never.
/// </summary>
public sealed record TakeOverRun
{
    /// <summary>The id of the run.</summary>
    public required RunId Id { get; init; }

    /// <summary>The id of the process that goes on, which it has chosen for itself.</summary>
    public required RunId Runner { get; init; }

    /// <summary>True to take over a run whose runner is heard; default: false.</summary>
    public bool? Force { get; init; }

    /// <summary>
    /// True to wait while it is not certain that the runner is alive: it may have been killed, and is heard until its stream has closed, or for 20 seconds after it began.
    /// The wait takes at most 20 seconds; default: false.
    /// </summary>
    public bool? Wait { get; init; }

    /// <summary>The digest of the plan that goes on; null for that of the run.</summary>
    [Length(64, 64), NoNul] public string? Hash { get; init; }

    /// <summary>The tasks of the plan that goes on, when they are no longer those of the run.</summary>
    [Length(1, 10_000)] public IReadOnlyList<RunTask>? Tasks { get; init; }

    /// <summary>The values of the variables, secrets masked; null for those of the run.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public JsonElement? Values { get; init; }

    /// <summary>The inputs for a controller that is to go on with the run; null for a runner of the caller. Nobody else may have taken over meanwhile.</summary>
    [Secret] public DetachedInputs? Detached { get; init; }
}

/// <summary>A run that was taken over.</summary>
public sealed record RunTakenOver
{
    /// <summary>The position of the takeover, after which the next message of the journal is appended.</summary>
    public required long Position { get; init; }

    /// <summary>The time since which accepted jobs are kept: one that was accepted before may have been removed. Null from a controller that does not tell.</summary>
    public DateTimeOffset? JobsSince { get; init; }

    /// <summary>The run.</summary>
    public required RunDetail Run { get; init; }
}

public static partial class RunOperations
{
    /// <inheritdoc cref="TakeOverRun"/>
    public static ControllerOperation<TakeOverRun, RunTakenOver> TakeOver { get; } = new("run.takeover", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/run/{id}/takeover"),
        Permission = Permissions.RunWrite,
        HasCommand = false,
        HasLargeRequest = true,
        SuccessStatus = 200,
        Request = RunsJson.Requests.TakeOverRun,
        Result = RunsJson.Results.RunTakenOver,
        Changed = static _ => true,
        Example = static () => (new() { Id = RunExamples.Id, Runner = RunExamples.Runner }, new() { Position = 18, Run = RunExamples.Detail }),
    };
}

public sealed partial class RunClient
{
    /// <inheritdoc cref="TakeOverRun"/>
    public Task<RunTakenOver> TakeOverAsync(TakeOverRun request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(RunOperations.TakeOver, request, options, cancellationToken);
}
