using System.Text.Json;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Runs;

/// <summary>
/// Records that a run begins, before it calls anything. Only one run of a plan name goes on at a time. A run of the name that was interrupted
/// is superseded: what it owes goes to this one, and it can no longer be resumed.
/// </summary>
public sealed record StartRun
{
    /// <summary>The id of the run. The same id from the same runner is the same run.</summary>
    public required RunId Id { get; init; }

    /// <summary>The name of the plan, 1 to 200 characters.</summary>
    [Length(1, 200), NoNul] public required string Plan { get; init; }

    /// <summary>The digest of the plan as it is run: SHA-256 in lower-case hexadecimal digits.</summary>
    [Length(64, 64), NoNul] public required string Hash { get; init; }

    /// <summary>The id of the process that runs the plan, which it has chosen for itself.</summary>
    public required RunId Runner { get; init; }

    /// <summary>The tasks of the plan, 1 to 10,000.</summary>
    [Length(1, 10_000)] public required IReadOnlyList<RunTask> Tasks { get; init; }

    /// <summary>The plan file and the files that it includes, 512 KiB in total, the plan file first; empty for a plan in C#, and for larger ones.</summary>
    [Length(0, 100)] public IReadOnlyList<RunFile> Files { get => field ?? []; init; }

    /// <summary>The values of the variables, secrets masked; null for a plan without any.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public JsonElement? Values { get; init; }

    /// <summary>True to run although another run of the plan name goes on; default: false. It gets no steps that earlier runs owe.</summary>
    public bool? Concurrent { get; init; }

    /// <summary>True to leave out the steps that earlier runs owe, and to forget them; default: false.</summary>
    public bool? ForgetOwed { get; init; }

    /// <summary>
    /// The inputs for a controller that is to run the plan; null for a plan that the caller runs. The run then waits until a controller takes it. It calls with the
    /// permissions of this request's token, which must be enough for every task.
    /// </summary>
    [Secret] public DetachedInputs? Detached { get; init; }
}

/// <summary>A task of a run.</summary>
/// <param name="Name">The name, which is its path in the plan; unique.</param>
/// <param name="Digest">The digest of all that decides what the task does, in lower-case hexadecimal digits.</param>
public sealed record RunTask([property: Length(1, 1000), NoNul] string Name, [property: Length(64, 64), NoNul] string Digest)
{
    /// <summary>The id of its operation; null for a function.</summary>
    [Length(1, 200), NoNul] public string? Operation { get; init; }

    /// <summary>The target as it is written, the beginning of a long one; null for a task without hosts, and for the hosts of another task.</summary>
    [Length(1, 1000), NoNul] public string? Target { get; init; }

    /// <summary>The name of the task on whose hosts it runs; null for a target of its own.</summary>
    [Length(1, 1000), NoNul] public string? SameAs { get; init; }

    /// <summary>The names of the tasks after which it runs; null when the record does not have them.</summary>
    public IReadOnlyList<string>? DependsOn { get; init; }

    /// <summary>The names of the tasks after whose change it runs; empty for a task that does not depend on a change.</summary>
    public IReadOnlyList<string> ReactsTo { get => field ?? []; init; }
}

/// <summary>A file of a plan.</summary>
/// <param name="Name">The name as the plan's author wrote it.</param>
/// <param name="Text">The content.</param>
public sealed record RunFile([property: Length(1, 4096), NoNul] string Name, string Text);

/// <summary>A run that was recorded.</summary>
public sealed record RunStarted
{
    /// <summary>The id of the run.</summary>
    public required RunId Id { get; init; }

    /// <summary>The position of the first message of its journal, after which the next one is appended.</summary>
    public required long Position { get; init; }

    /// <summary>The steps that earlier runs of the plan owe, which are this run's from now on.</summary>
    public IReadOnlyList<OwedStep> Owed { get => field ?? []; init; }

    /// <summary>The interrupted run of the plan name that this one has superseded; null without one.</summary>
    public RunId? Superseded { get; init; }
}

public static partial class RunOperations
{
    /// <inheritdoc cref="StartRun"/>
    public static ControllerOperation<StartRun, RunStarted> Start { get; } = new("run.start", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/run"),
        Permission = Permissions.RunWrite,
        HasCommand = false,
        HasLargeRequest = true,
        Request = RunsJson.Requests.StartRun,
        Result = RunsJson.Results.RunStarted,
        Changed = static _ => true,
        Example = static () => (RunExamples.Start, new() { Id = RunExamples.Id, Position = 17 }),
    };
}

public sealed partial class RunClient
{
    /// <inheritdoc cref="StartRun"/>
    public Task<RunStarted> StartAsync(StartRun request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(RunOperations.Start, request, options, cancellationToken);
}
