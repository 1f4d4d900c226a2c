using Osapi.Operations;
using Osapi.Orchestrator;

namespace Osapi.Hosts.Tests.Checks;

/// <summary>A task of a random plan.</summary>
/// <param name="Text">The state of what it is about and its request, for messages.</param>
/// <param name="Operation">The id of its operation.</param>
/// <param name="PrepareAsync">Brings what it is about into that state.</param>
/// <param name="AddTo">Adds the task to a plan under a name.</param>
internal sealed record RandomTask(string Text, string Operation, Func<CheckPlace, Task> PrepareAsync, Func<Plan, string, PlanTask> AddTo)
{
    /// <summary>True when the state is one in which no task on the host runs, so that it is set last.</summary>
    public bool PreparesLast { get; init; }

    public static RandomTask OnHost<TRequest, TResult>(string state, Operation<TRequest, TResult> operation, TRequest request, Func<CheckPlace, Task> prepare)
        where TRequest : notnull
        where TResult : notnull =>
        new($"{operation.Id} {request} when {state}", operation.Id, prepare, (plan, name) => plan.Task(name, operation, CheckPlace.Agent, request));

    public static RandomTask OnController<TRequest, TResult>(string state, ControllerOperation<TRequest, TResult> operation, TRequest request, Func<CheckPlace, Task> prepare)
        where TRequest : notnull
        where TResult : notnull =>
        new($"{operation.Id} {request} when {state}", operation.Id, prepare, (plan, name) => plan.Task(name, operation, request));
}
