using System.Runtime.CompilerServices;
using Osapi.Operations;
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
    public PlanTask<JobReply<TResult>> Task<TRequest, TResult>(string name, Operation<TRequest, TResult> operation, PlanTarget target, TRequest request)
        where TRequest : notnull
        where TResult : notnull => Added<JobReply<TResult>>(name, OperationBody.Typed(operation, target, request));

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
