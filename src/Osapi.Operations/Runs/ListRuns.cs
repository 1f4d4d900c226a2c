using Osapi.Operations.Json;

namespace Osapi.Operations.Runs;

/// <summary>Lists runs, newest first. All given filters must match.</summary>
public sealed record ListRuns
{
    /// <summary>Only runs with this status; default: all.</summary>
    public RunStatus? Status { get; init; }

    /// <summary>Only runs of this plan, 1 to 200 characters.</summary>
    [Length(1, 200), NoNul] public string? Plan { get; init; }

    /// <summary>Only runs of this caller: the subject of the token.</summary>
    [Length(1, 400), NoNul] public string? Caller { get; init; }

    /// <summary>Only runs that started at this time or later (RFC 3339).</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only runs that started before this time (RFC 3339).</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The maximum number of runs, 1 to 100; default: 10.</summary>
    [Range(1, 100)] public int? Limit { get; init; }

    /// <summary>The position after the previous page (its <c>next_cursor</c>).</summary>
    [Range(1, 9007199254740991)] public long? Cursor { get; init; }
}

/// <summary>A page of runs.</summary>
public sealed record RunList
{
    /// <summary>The runs, newest first.</summary>
    public IReadOnlyList<RunSummary> Items { get => field ?? []; init; }

    /// <summary>The <c>cursor</c> of the next page; null on the last page.</summary>
    public long? NextCursor { get; init; }
}

public static partial class RunOperations
{
    /// <inheritdoc cref="ListRuns"/>
    public static ControllerOperation<ListRuns, RunList> List { get; } = new("run.list", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/run"),
        Permission = Permissions.RunRead,
        Request = RunsJson.Requests.ListRuns,
        Result = RunsJson.Results.RunList,
        Example = static () => (new() { Plan = "deploy" }, new() { Items = [RunExamples.Summary] }),
    };
}

public sealed partial class RunClient
{
    /// <inheritdoc cref="ListRuns"/>
    public Task<RunList> ListAsync(ListRuns? request = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(RunOperations.List, request ?? new(), options, cancellationToken);
}
