using Osapi.Operations;
using Osapi.Orchestrator.Execution;

namespace Osapi.Orchestrator;

public sealed partial class Plan
{
    /// <summary>Adds a task with a function as its body.</summary>
    /// <param name="name">The name of the task; unique in the plan.</param>
    /// <param name="body">The body of the task.</param>
    public PlanTask TaskFunc(string name, TaskFunction body) => Added(name, new FunctionBody(body));

    /// <summary>Adds a task with a function that reads the results of the tasks it depends on.</summary>
    /// <param name="name">The name of the task; unique in the plan.</param>
    /// <param name="body">The body of the task.</param>
    public PlanTask TaskFuncWithResults(string name, TaskFunctionWithResults body) => Added(name, new FunctionWithResultsBody(body));

    /// <summary>Adds a task that calls an operation with a default request.</summary>
    /// <param name="name">The name of the task; unique in the plan.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="target">The target hosts.</param>
    public PlanTask<JobReply<TResult>> Task<TRequest, TResult>(string name, Operation<TRequest, TResult> operation, Target target)
        where TRequest : notnull, new()
        where TResult : notnull => Task(name, operation, target, new());

    /// <summary>Adds a task that calls an operation.</summary>
    /// <param name="name">The name of the task; unique in the plan.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="target">The target hosts.</param>
    /// <param name="request">The request.</param>
    public PlanTask<JobReply<TResult>> Task<TRequest, TResult>(string name, Operation<TRequest, TResult> operation, Target target, TRequest request)
        where TRequest : notnull
        where TResult : notnull => Added<JobReply<TResult>>(name, OperationBody.Typed(operation, target, request));

    /// <summary>Adds a task that calls an operation of the controller with a default request.</summary>
    /// <param name="name">The name of the task; unique in the plan.</param>
    /// <param name="operation">The operation.</param>
    public PlanTask<TResult> Task<TRequest, TResult>(string name, ControllerOperation<TRequest, TResult> operation)
        where TRequest : notnull, new()
        where TResult : notnull => Task(name, operation, new());

    /// <summary>Adds a task that calls an operation of the controller.</summary>
    /// <param name="name">The name of the task; unique in the plan.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="request">The request.</param>
    public PlanTask<TResult> Task<TRequest, TResult>(string name, ControllerOperation<TRequest, TResult> operation, TRequest request)
        where TRequest : notnull
        where TResult : notnull => Added<TResult>(name, OperationBody.Typed(operation, request));

    /// <summary>Adds a task that calls any operation. Use it for operations that are chosen at run time, such as those of a plan file.</summary>
    /// <param name="name">The name of the task; unique in the plan.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="target">The target hosts; null for an operation of the controller.</param>
    /// <param name="request">The request, of the operation's request type.</param>
    public PlanTask Task(string name, Operation operation, Target? target, object request) =>
        Added(name, new OperationBody(operation, target, request));

    private PlanTask Added(string name, TaskBody body) => Added(new PlanTask(this, tasks.Count, name, body));

    private PlanTask<T> Added<T>(string name, TaskBody body)
        where T : notnull => Added(new PlanTask<T>(this, tasks.Count, name, body));

    // Creating the task has already checked that the plan is not running.
    private TTask Added<TTask>(TTask task)
        where TTask : PlanTask
    {
        tasks.Add(task);
        return task;
    }
}
