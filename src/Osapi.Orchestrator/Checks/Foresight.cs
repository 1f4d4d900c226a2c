using System.Collections.Concurrent;
using Osapi.Operations;

namespace Osapi.Orchestrator.Checks;

/// <summary>What the tasks of a plan would change, as far as they were checked.</summary>
internal sealed class Foresight
{
    private readonly ConcurrentQueue<Foreseen> all = [];

    /// <summary>What would be changed before.</summary>
    public IReadOnlyList<Foreseen> Before(Func<PlanTask, bool> isEarlier) => [.. all.Where(one => one.Task is null || isEarlier(one.Task))];

    /// <summary>Remembers what a call would change, if anything.</summary>
    public void Remember(PlanTask? task, Operation operation, object request, OperationReply reply)
    {
        if (!operation.IsChange(reply))
            return;
        Dictionary<string, bool?> places = operation.RunsOn == RunsOn.Controller
            ? new() { [Foreseen.Controller] = reply.Check?.Changed }
            : reply.Entries.Where(entry => entry.IsChange).DistinctBy(entry => entry.Hostname).ToDictionary(entry => entry.Hostname, entry => entry.Check?.Changed);
        all.Enqueue(new(task, Things.NamedIn(operation, request), places));
    }
}

/// <summary>What one call would change.</summary>
/// <param name="Task">Whose call it is; null when no task made it.</param>
/// <param name="Things">What it names.</param>
/// <param name="Places">The hosts that it would change, or <see cref="Controller"/>: true when it is known, null when only doing it can tell.</param>
internal sealed record Foreseen(PlanTask? Task, IReadOnlyList<string> Things, IReadOnlyDictionary<string, bool?> Places)
{
    /// <summary>The name under which what the controller keeps stands among the hosts.</summary>
    public const string Controller = "";
}
