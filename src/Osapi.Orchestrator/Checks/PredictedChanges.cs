using System.Collections.Concurrent;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Operations.Files;

namespace Osapi.Orchestrator.Checks;

/// <summary>The predicted changes of the tasks of a plan that were checked so far.</summary>
internal sealed class PredictedChanges
{
    private readonly ConcurrentQueue<PredictedChange> all = [];

    /// <summary>Returns the predicted changes of earlier tasks.</summary>
    public IReadOnlyList<PredictedChange> Before(Func<PlanTask, bool> isEarlier) => [.. all.Where(change => change.Task is null || isEarlier(change.Task))];

    /// <summary>Records a change that cannot be predicted, of a host or the controller.</summary>
    public void AddUnknown(PlanTask task, string? host) =>
        all.Enqueue(new(task, [], new Dictionary<string, bool?> { [host ?? PredictedChange.Controller] = null }));

    /// <summary>Records the predicted change of a call, if there is one.</summary>
    /// <param name="task">The task; null when no task made the call.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="request">The request.</param>
    /// <param name="reply">The reply.</param>
    /// <param name="recorded">The hosts that were recorded before the call ended.</param>
    public void Add(PlanTask? task, Operation operation, object request, OperationReply reply, IReadOnlyDictionary<string, bool> recorded)
    {
        if (!operation.IsChange(reply))
            return;
        Dictionary<string, bool?> hosts = operation.RunsOn == RunsOn.Controller
            ? new() { [PredictedChange.Controller] = reply.Check?.Changed }
            : reply.Hosts.Where(entry => entry.IsChange && !recorded.ContainsKey(entry.Hostname)).DistinctBy(entry => entry.Hostname).ToDictionary(entry => entry.Hostname, entry => entry.Check?.Changed);
        if (hosts.Count > 0)
            all.Enqueue(new(task, ResourceNames.NamedIn(operation, request), hosts) { Upload = request as UploadFile, Drained = (request as DrainAgent)?.Name.Value, Undrained = (request as UndrainAgent)?.Name.Value });
    }
}

/// <summary>The predicted change of one call.</summary>
/// <param name="Task">The task that made the call; null when no task made it.</param>
/// <param name="ResourceNames">The names of the resources in the request.</param>
/// <param name="Hosts">The hosts that would change, or <see cref="Controller"/>: true when the change is certain, null when it cannot be predicted.</param>
internal sealed record PredictedChange(PlanTask? Task, IReadOnlyList<string> ResourceNames, IReadOnlyDictionary<string, bool?> Hosts)
{
    /// <summary>The host that would be drained; null for another change.</summary>
    public string? Drained { get; init; }

    /// <summary>The host that would take jobs again; null for another change.</summary>
    public string? Undrained { get; init; }

    /// <summary>The upload whose content would be stored; null for another change.</summary>
    public UploadFile? Upload { get; init; }

    /// <summary>The key that stands for the controller among the hosts.</summary>
    public const string Controller = "";
}
