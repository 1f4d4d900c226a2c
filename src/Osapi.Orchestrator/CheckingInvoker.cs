using System.Text.Json;
using Osapi.Operations;

namespace Osapi.Orchestrator;

/// <summary>
/// Turns every call into a check: hosts say what they would change and change nothing, and what would act on the controller
/// is not called. Given to a plan as <see cref="PlanOptions.Invoker"/>, its operation tasks only look; what cannot be known
/// beforehand counts as changed. Functions of the plan run as ever.
/// </summary>
/// <param name="invoker">What carries the calls.</param>
public sealed class CheckingInvoker(IOperationInvoker invoker) : IOperationInvoker
{
    private static readonly JsonElement NobodyKnows = JsonElement.Parse("""{"check":{"changed":null}}""");

    /// <inheritdoc/>
    public Task<OperationReply> InvokeAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return operation is { RunsOn: RunsOn.Controller, Idempotency: not Idempotency.ReadOnly }
            ? Task.FromResult(new OperationReply(NobodyKnows))
            : invoker.InvokeAsync(operation, request, target, (options ?? new()) with { Check = operation.RunsOn == RunsOn.Host }, cancellationToken);
    }
}
