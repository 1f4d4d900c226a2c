using System.Collections.Concurrent;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Orchestrator.Checks;

namespace Osapi.Orchestrator;

/// <summary>
/// Turns every call into a check: hosts and the controller predict their changes and change nothing. When it is the
/// <see cref="PlanOptions.Invoker"/> of a plan, operation tasks are only checked; a result that cannot be predicted counts as
/// changed. Functions of the plan still run. An instance belongs to one run of a plan: it records the predicted changes of earlier
/// tasks and corrects the results of later ones for them.
/// </summary>
/// <param name="invoker">The invoker that executes the calls.</param>
public sealed class DryRunInvoker(IOperationInvoker invoker) : IOperationInvoker
{
    private readonly PredictedChanges predictedChanges = new();

    /// <inheritdoc/>
    public Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken) =>
        InvokeAsync(null, _ => true, operation, request, target, options, cancellationToken);

    /// <summary>Returns an invoker for the calls of one task, which comes after the tasks that it depends on and no others.</summary>
    internal IOperationInvoker For(PlanTask task, Func<PlanTask, bool> isEarlier) => new TaskChecks(this, task, isEarlier);

    /// <summary>Records that the changes of a task on a host, or of the controller, cannot be predicted, because it could not be asked.</summary>
    internal void AddUnknown(PlanTask task, string? host) => predictedChanges.AddUnknown(task, host);

    private async Task<OperationReply> InvokeAsync(
        PlanTask? task, Func<PlanTask, bool> isEarlier, Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        var earlier = predictedChanges.Before(isEarlier);
        if (await UploadedContent.FindAsync(request, earlier, cancellationToken).ConfigureAwait(false) is not { } complete)
            return await CheckAsync(task, operation, request, target, options, new(operation, request, earlier), cancellationToken).ConfigureAwait(false);
        try
        {
            return await CheckAsync(task, operation, complete, target, options, new(operation, request, earlier, complete.ObjectName?.Value), cancellationToken).ConfigureAwait(false);
        }
        catch (ApiException exception) when (exception.Hosts.Count == 0)
        {
            // The content is not sent to hosts without a key, nor to an older controller.
            return await CheckAsync(task, operation, request, target, (options ?? new()) with { JobId = JobId.New() }, new(operation, request, earlier), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<OperationReply> CheckAsync(
        PlanTask? task, Operation operation, object request, Target? target, CallOptions? options, CheckCorrection correction, CancellationToken cancellationToken)
    {
        ConcurrentDictionary<string, bool> reported = [];
        OperationReply reply;
        try
        {
            var check = (options ?? new()) with { Check = operation.CanBeChecked, HostEnded = options?.HostEnded is { } ended ? host => ReportHost(host, ended) : null };
            reply = correction.Revise(await invoker.SendAsync(operation, request, target, check, cancellationToken).ConfigureAwait(false));
        }
        catch (ApiException exception) when (correction.Tolerate(exception) is { } tolerated)
        {
            reply = tolerated;
        }

        predictedChanges.Add(task, operation, request, reply, reported);
        return reply;

        // Later tasks may follow on this host while the others are still asked.
        void ReportHost(HostReply host, Action<HostReply> ended)
        {
            var revised = correction.Revise(host);
            if (reported.TryAdd(host.Hostname, true))
                predictedChanges.Add(task, operation, request, OperationReply.OfHosts(jobId: null, [revised]), new Dictionary<string, bool>());
            ended(revised);
        }
    }

    private sealed class TaskChecks(DryRunInvoker checks, PlanTask task, Func<PlanTask, bool> isEarlier) : IOperationInvoker
    {
        public Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken) =>
            checks.InvokeAsync(task, isEarlier, operation, request, target, options, cancellationToken);
    }
}
