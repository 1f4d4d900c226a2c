using Osapi.Operations.Json;

namespace Osapi.Operations.Runs;

/// <summary>Forgets the steps that runs of a plan owe, because they were done by hand or need not be done.</summary>
public sealed record ForgetOwed
{
    /// <summary>The name of the plan, 1 to 200 characters.</summary>
    [Length(1, 200), NoNul] public required string Plan { get; init; }

    /// <summary>Only those of this task; default: of all.</summary>
    [Length(1, 1000), NoNul] public string? Task { get; init; }

    /// <summary>Only those of this host; default: of all.</summary>
    [Length(1, 253), NoNul] public string? Host { get; init; }
}

public static partial class RunOperations
{
    /// <inheritdoc cref="ForgetOwed"/>
    public static ControllerOperation<ForgetOwed, OwedList> ForgetOwed { get; } = new("run.owed.forget", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/run/owed/forget"),
        Permission = Permissions.RunWrite,
        Request = RunsJson.Requests.ForgetOwed,
        Result = RunsJson.Results.OwedList,
        Changed = static result => result.Items.Count > 0,
        Example = static () => (new() { Plan = "deploy" }, new() { Items = [RunExamples.OwedStep] }),
    };
}

public sealed partial class RunClient
{
    /// <inheritdoc cref="ForgetOwed"/>
    /// <returns>The steps that were forgotten.</returns>
    public Task<OwedList> ForgetOwedAsync(ForgetOwed request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(RunOperations.ForgetOwed, request, options, cancellationToken);
}
