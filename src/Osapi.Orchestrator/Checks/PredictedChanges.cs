using System.Collections.Concurrent;
using Osapi.Operations;

namespace Osapi.Orchestrator.Checks;

/// <summary>What the tasks of a plan would change, as far as they were checked.</summary>
internal sealed class PredictedChanges
{
    private readonly ConcurrentQueue<PredictedChange> all = [];

    /// <summary>What would be changed before.</summary>
    public IReadOnlyList<PredictedChange> Before(Func<PlanTask, bool> isEarlier) => [.. all.Where(one => one.Task is null || isEarlier(one.Task))];

    /// <summary>Remembers what a call would change, if anything.</summary>
    public void Add(PlanTask? task, Operation operation, object request, OperationReply reply)
    {
        if (!operation.IsChange(reply))
            return;
        Dictionary<string, bool?> hosts = operation.RunsOn == RunsOn.Controller
            ? new() { [PredictedChange.Controller] = reply.Check?.Changed }
            : reply.Hosts.Where(entry => entry.IsChange).DistinctBy(entry => entry.Hostname).ToDictionary(entry => entry.Hostname, entry => entry.Check?.Changed);
        all.Enqueue(new(task, ResourceNames.NamedIn(operation, request), hosts));
    }
}

/// <summary>What one call would change.</summary>
/// <param name="Task">Whose call it is; null when no task made it.</param>
/// <param name="ResourceNames">What it names.</param>
/// <param name="Hosts">The hosts that it would change, or <see cref="Controller"/>: true when it is known, null when only doing it can tell.</param>
internal sealed record PredictedChange(PlanTask? Task, IReadOnlyList<string> ResourceNames, IReadOnlyDictionary<string, bool?> Hosts)
{
    /// <summary>The name under which what the controller keeps stands among the hosts.</summary>
    public const string Controller = "";
}
