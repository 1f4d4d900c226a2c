using Osapi.Operations.Json;

namespace Osapi.Operations.Runs;

/// <summary>Lists the steps that runs owe, by plan: what has to run because something changed, and has not.</summary>
public sealed record ListOwed
{
    /// <summary>Only those of this plan, 1 to 200 characters; default: of all.</summary>
    [Length(1, 200), NoNul] public string? Plan { get; init; }
}

/// <summary>The steps that are owed.</summary>
public sealed record OwedList
{
    /// <summary>The steps, by plan, task and host.</summary>
    public IReadOnlyList<OwedStep> Items { get => field ?? []; init; }
}

public static partial class RunOperations
{
    /// <inheritdoc cref="ListOwed"/>
    public static ControllerOperation<ListOwed, OwedList> Owed { get; } = new("run.owed.list", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/run/owed"),
        Permission = Permissions.RunRead,
        Request = RunsJson.Requests.ListOwed,
        Result = RunsJson.Results.OwedList,
        Example = static () => (new(), new() { Items = [RunExamples.OwedStep] }),
    };
}

public sealed partial class RunClient
{
    /// <inheritdoc cref="ListOwed"/>
    public Task<OwedList> OwedAsync(ListOwed? request = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(RunOperations.Owed, request ?? new(), options, cancellationToken);
}
