using Osapi.Operations;
using Osapi.Orchestrator;

namespace Osapi.Cli.Plans;

/// <summary>A plan as a file describes it, every part of it known to be right.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Tasks">Its tasks, in the order of the file.</param>
/// <param name="OnError">What happens when a task without a strategy of its own fails; null for the usual.</param>
/// <param name="MaxParallelism">How many tasks run at the same time; null for no limit.</param>
/// <param name="Deadline">How long the whole run may take; null for no limit.</param>
internal sealed record PlanFile(string Name, IReadOnlyList<PlanFileTask> Tasks, ErrorStrategy? OnError, int? MaxParallelism, TimeSpan? Deadline);

/// <summary>One task of a plan file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Operation">What it calls.</param>
/// <param name="Target">The hosts; null for a controller operation.</param>
/// <param name="Request">A value of the operation's request type.</param>
/// <param name="DependsOn">The names of the tasks that it waits for.</param>
/// <param name="Modifiers">When it runs, and what follows when it fails.</param>
internal sealed record PlanFileTask(
    string Name, Operation Operation, Target? Target, object Request, IReadOnlyList<string> DependsOn, TaskModifiers Modifiers);
