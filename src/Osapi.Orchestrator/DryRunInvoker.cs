using Osapi.Client;
using Osapi.Operations;
using Osapi.Orchestrator.Checks;

namespace Osapi.Orchestrator;

/// <summary>
/// Turns every call into a check: hosts and the controller say what they would change, and change nothing. Given to a plan
/// as <see cref="PlanOptions.Invoker"/>, its operation tasks only look; what cannot be known beforehand counts as changed.
/// Functions of the plan run as ever. One belongs to one run of a plan: it remembers what earlier tasks would have changed,
/// so that what a later one finds only because nothing was done is not taken for the truth.
/// </summary>
/// <param name="invoker">What carries the calls.</param>
public sealed class DryRunInvoker(IOperationInvoker invoker) : IOperationInvoker
{
    private readonly PredictedChanges foresight = new();

    /// <inheritdoc/>
    public Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken) =>
        InvokeAsync(null, _ => true, operation, request, target, options, cancellationToken);

    /// <summary>The same for the calls of one task, which comes after the tasks that it depends on and no others.</summary>
    internal IOperationInvoker For(PlanTask task, Func<PlanTask, bool> isEarlier) => new TaskChecks(this, task, isEarlier);

    private async Task<OperationReply> InvokeAsync(
        PlanTask? task, Func<PlanTask, bool> isEarlier, Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        CheckCorrection question = new(operation, request, foresight.Before(isEarlier));
        OperationReply reply;
        try
        {
            reply = question.Revise(await invoker.SendAsync(operation, request, target, (options ?? new()) with { Check = operation.CanBeChecked }, cancellationToken).ConfigureAwait(false));
        }
        catch (ApiException exception) when (question.Tolerate(exception) is { } excused)
        {
            reply = excused;
        }

        foresight.Add(task, operation, request, reply);
        return reply;
    }

    private sealed class TaskChecks(DryRunInvoker checks, PlanTask task, Func<PlanTask, bool> isEarlier) : IOperationInvoker
    {
        public Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken) =>
            checks.InvokeAsync(task, isEarlier, operation, request, target, options, cancellationToken);
    }
}
