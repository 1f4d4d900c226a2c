using Osapi.Operations;
using Osapi.Orchestrator;
using YamlDotNet.Core;

namespace Osapi.Plans;

/// <summary>A validated plan file.</summary>
/// <param name="Name">The name.</param>
/// <param name="Tasks">The tasks, in the order of the file.</param>
/// <param name="OnError">The error strategy of tasks without one of their own; null for the default.</param>
/// <param name="MaxParallelism">The maximum number of tasks that run at the same time; null for no limit.</param>
/// <param name="Deadline">The time limit of the whole run; null for no limit.</param>
/// <param name="Flow">The order in which hosts go on.</param>
internal sealed record PlanFile(string Name, IReadOnlyList<PlanFileTask> Tasks, ErrorStrategy? OnError, int? MaxParallelism, TimeSpan? Deadline, PlanFlow Flow);

/// <summary>A task of a plan file.</summary>
/// <param name="Name">The name.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Target">The target hosts; null for a controller operation, and for the hosts of another task.</param>
/// <param name="SameAs">The name of the task on whose hosts this one runs; null for a target of its own.</param>
/// <param name="Request">The request, of the operation's request type.</param>
/// <param name="DependsOn">The names of the tasks that it depends on.</param>
/// <param name="Modifiers">The conditions and the error handling of the task.</param>
/// <param name="Mark">The position in the file.</param>
internal sealed record PlanFileTask(
    string Name, Operation Operation, Target? Target, string? SameAs, object Request, IReadOnlyList<string> DependsOn, TaskModifiers Modifiers, Mark Mark);
