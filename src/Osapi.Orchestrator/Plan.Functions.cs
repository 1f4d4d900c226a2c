using System.Runtime.CompilerServices;
using Osapi.Client;
using Osapi.Orchestrator.Execution;

namespace Osapi.Orchestrator;

/// <remarks>
/// The asynchronous overloads have priority, because a body that only throws matches both and would be ambiguous.
/// </remarks>
public sealed partial class Plan
{
    /// <summary>Adds a task with a function as its body.</summary>
    /// <param name="name">The name of the task; unique in the plan.</param>
    /// <param name="body">The function that the task executes.</param>
    [OverloadResolutionPriority(1)]
    public PlanTask TaskFunc(string name, TaskFunction body) => Added(name, new FunctionBody(body));

    /// <summary>Adds a task with a synchronous body. It runs on a thread of the pool.</summary>
    /// <inheritdoc cref="TaskFunc(string, TaskFunction)"/>
    public PlanTask TaskFunc(string name, Func<OsapiClient, Result> body) =>
        TaskFunc(name, body is null ? null! : (client, _) => System.Threading.Tasks.Task.FromResult(body(client)));

    /// <inheritdoc cref="TaskFunc(string, Func{OsapiClient, Result})"/>
    public PlanTask TaskFunc(string name, Func<OsapiClient, CancellationToken, Result> body) =>
        TaskFunc(name, body is null ? null! : (client, cancellationToken) => System.Threading.Tasks.Task.FromResult(body(client, cancellationToken)));

    /// <summary>Adds a task whose body reads the results of the tasks it depends on.</summary>
    /// <param name="name">The name of the task; unique in the plan.</param>
    /// <param name="body">The function that the task executes.</param>
    [OverloadResolutionPriority(1)]
    public PlanTask TaskFuncWithResults(string name, TaskFunctionWithResults body) => Added(name, new FunctionWithResultsBody(body));

    /// <summary>Adds a task with a synchronous body that reads the results of the tasks it depends on. It runs on a thread of the pool.</summary>
    /// <inheritdoc cref="TaskFuncWithResults(string, TaskFunctionWithResults)"/>
    public PlanTask TaskFuncWithResults(string name, Func<OsapiClient, Results, Result> body) =>
        TaskFuncWithResults(name, body is null ? null! : (client, results, _) => System.Threading.Tasks.Task.FromResult(body(client, results)));

    /// <inheritdoc cref="TaskFuncWithResults(string, Func{OsapiClient, Results, Result})"/>
    public PlanTask TaskFuncWithResults(string name, Func<OsapiClient, Results, CancellationToken, Result> body) => TaskFuncWithResults(
        name, body is null ? null! : (client, results, cancellationToken) => System.Threading.Tasks.Task.FromResult(body(client, results, cancellationToken)));
}
