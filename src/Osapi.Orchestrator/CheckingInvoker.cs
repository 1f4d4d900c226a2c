using Osapi.Client;
using Osapi.Operations;

namespace Osapi.Orchestrator;

/// <summary>
/// Turns every call into a check: hosts and the controller say what they would change, and change nothing. Given to a plan
/// as <see cref="PlanOptions.Invoker"/>, its operation tasks only look; what cannot be known beforehand counts as changed.
/// Functions of the plan run as ever. One belongs to one run of a plan: it remembers what earlier tasks would have changed,
/// so that a later one does not fail for what is missing only because nothing was done.
/// </summary>
/// <param name="invoker">What carries the calls.</param>
public sealed class CheckingInvoker(IOperationInvoker invoker) : IOperationInvoker
{
    private readonly Foresight foresight = new();

    /// <inheritdoc/>
    public async Task<OperationReply> InvokeAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        var reply = await CheckAsync(operation, request, target, (options ?? new()) with { Check = operation.CanBeChecked }, cancellationToken).ConfigureAwait(false);
        foresight.Remember(operation, request, reply);
        return reply;
    }

    private async Task<OperationReply> CheckAsync(Operation operation, object request, Target? target, CallOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await invoker.InvokeAsync(operation, request, target, options, cancellationToken).ConfigureAwait(false);
            return foresight.Revise(operation, request, reply);
        }
        catch (ApiException exception) when (foresight.Excuse(operation, request, exception) is { } excused)
        {
            return excused;
        }
    }
}
