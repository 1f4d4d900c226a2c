using System.Runtime.CompilerServices;
using Osapi.Operations;
using Osapi.Orchestrator.Engine;
using Osapi.Orchestrator.Execution;

namespace Osapi.Orchestrator;

public sealed partial class Plan
{
    /// <summary>Adds a task that calls an operation whose request needs no value.</summary>
    /// <param name="name">The name of the task; unique in the plan.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="target">The hosts.</param>
    public PlanTask<JobReply<TResult>> Task<TRequest, TResult>(string name, Operation<TRequest, TResult> operation, PlanTarget target)
        where TRequest : notnull, new()
        where TResult : notnull => Task(name, operation, target, new());

    /// <summary>Adds a task that calls an operation.</summary>
    /// <param name="name">The name of the task; unique in the plan.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="target">The hosts.</param>
    /// <param name="request">The request.</param>
    [OverloadResolutionPriority(1)]
    public PlanTask<JobReply<TResult>> Task<TRequest, TResult>(string name, Operation<TRequest, TResult> operation, PlanTarget target, TRequest request)
        where TRequest : notnull
        where TResult : notnull => Added<JobReply<TResult>>(name, OperationBody.Typed(operation, target, request));

    /// <summary>
    /// Adds a task that calls an operation with a request of its own for each host, made when the task starts there. Hosts that start
    /// together with equal requests are one job. An exception fails the task on the host, without a retry.
    /// </summary>
    /// <param name="name">The name of the task; unique in the plan.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="target">The hosts.</param>
    /// <param name="request">
    /// Makes the request from the results of earlier tasks on the host, and the host's name: null for <c>_any</c>, and when the controller
    /// could not resolve the target. It runs on the loop that runs the plan and should not block.
    /// </param>
    public PlanTask<JobReply<TResult>> Task<TRequest, TResult>(string name, Operation<TRequest, TResult> operation, PlanTarget target, Func<Results, string?, TRequest> request)
        where TRequest : notnull
        where TResult : notnull => Added<JobReply<TResult>>(name, OperationBody.Made(operation, target, request));

    /// <summary>Adds a task that calls an operation of the controller with a request that is made when the task starts.</summary>
    /// <param name="name">The name of the task; unique in the plan.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="request">Makes the request from the results of earlier tasks. It runs on the loop that runs the plan and should not block.</param>
    public PlanTask<TResult> Task<TRequest, TResult>(string name, ControllerOperation<TRequest, TResult> operation, Func<Results, TRequest> request)
        where TRequest : notnull
        where TResult : notnull => Added<TResult>(name, OperationBody.Made(operation, request));

    /// <summary>Adds a task that calls an operation of the controller whose request needs no value.</summary>
    /// <param name="name">The name of the task; unique in the plan.</param>
    /// <param name="operation">The operation.</param>
    public PlanTask<TResult> Task<TRequest, TResult>(string name, ControllerOperation<TRequest, TResult> operation)
        where TRequest : notnull, new()
        where TResult : notnull => Task(name, operation, new());

    /// <summary>Adds a task that calls an operation of the controller.</summary>
    /// <param name="name">The name of the task; unique in the plan.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="request">The request.</param>
    [OverloadResolutionPriority(1)]
    public PlanTask<TResult> Task<TRequest, TResult>(string name, ControllerOperation<TRequest, TResult> operation, TRequest request)
        where TRequest : notnull
        where TResult : notnull => Added<TResult>(name, OperationBody.Typed(operation, request));

    /// <summary>Adds a task that calls any operation; for operations that are chosen at run time, such as those of a plan file.</summary>
    /// <param name="name">The name of the task; unique in the plan.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="target">The hosts; null for an operation of the controller.</param>
    /// <param name="request">A value of the operation's request type.</param>
    public PlanTask Task(string name, Operation operation, PlanTarget? target, object request) =>
        Added(name, new OperationBody(operation, target, request));

    /// <summary>Adds a task that calls any operation with a request that is made for each host; for operations that are chosen at run time.</summary>
    /// <param name="name">The name of the task; unique in the plan.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="target">The hosts; null for an operation of the controller.</param>
    /// <param name="request">Makes a value of the operation's request type, see <see cref="Task{TRequest, TResult}(string, Operation{TRequest, TResult}, PlanTarget, Func{Results, string?, TRequest})"/>.</param>
    public PlanTask Task(string name, Operation operation, PlanTarget? target, Func<Results, string?, object> request) => Added(name, new OperationBody(operation, target, request: null) { RequestFactory = request });

    /// <summary>
    /// Adds a task that calls an operation once for each item, one after the other. The items are made on each host when the task starts
    /// there, from the results before it. Hosts with equal items are called together. An item that fails is retried as the task's strategy
    /// says; when it has failed, the items after it are called only if the strategy continues.
    /// </summary>
    /// <param name="name">The name of the task; unique in the plan.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="target">The hosts; null for an operation of the controller.</param>
    /// <param name="items">
    /// Makes at most <see cref="PlanItem.MaxCount"/> items, with unique keys, from the results before the task and the host's name, as a
    /// request for each host is made. Without items the task is skipped.
    /// </param>
    public PlanTask TaskForEach(string name, Operation operation, PlanTarget? target, Func<Results, string?, IReadOnlyList<PlanItem>> items) => Added(name, new OperationBody(operation, target, request: null)
    {
        RequestFactory = items is null ? null : (results, host) => new ItemRequests(items(results, host)),
        HasItems = true,
    });

    private PlanTask Added(string name, TaskBody body) => Added(new PlanTask(this, tasks.Count, name, body));

    private PlanTask<T> Added<T>(string name, TaskBody body)
        where T : notnull => Added(new PlanTask<T>(this, tasks.Count, name, body));

    // The constructor of the task has checked that the plan is not running.
    private TTask Added<TTask>(TTask task)
        where TTask : PlanTask
    {
        tasks.Add(task);
        return task;
    }
}
