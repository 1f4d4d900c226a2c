using Osapi.Operations;

namespace Osapi.Cli.Plans;

/// <summary>A plan as a file describes it, every part of it known to be right.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Tasks">Its tasks, in the order of the file.</param>
internal sealed record PlanFile(string Name, IReadOnlyList<PlanFileTask> Tasks);

/// <summary>One task of a plan file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Operation">What it calls.</param>
/// <param name="Target">The hosts; null for a controller operation.</param>
/// <param name="Request">A value of the operation's request type.</param>
/// <param name="DependsOn">The names of the tasks that it waits for.</param>
internal sealed record PlanFileTask(string Name, Operation Operation, Target? Target, object Request, IReadOnlyList<string> DependsOn);
