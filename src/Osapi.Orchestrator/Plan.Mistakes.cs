using System.ComponentModel;
using System.Runtime.CompilerServices;
using Osapi.Client;
using Osapi.Operations;

namespace Osapi.Orchestrator;

/// <remarks>
/// Overloads for common mistakes: their compiler error states the correct call instead of a list of overloads that do not
/// match. None of them can be called.
/// </remarks>
public sealed partial class Plan
{
    private const string IsFunction = "Add a function with plan.TaskFunc(name, body).";
    private const string IsFunctionWithResults = "Add a function that reads results with plan.TaskFuncWithResults(name, body).";
    private const string TakesNoTarget = "This operation runs on the controller and takes no target: plan.Task(name, operation) or plan.Task(name, operation, request).";
    private const string NeedsTarget = "This operation runs on hosts and needs a target, such as \"_any\" or \"web-01\": plan.Task(name, operation, target) or plan.Task(name, operation, target, request).";

    /// <summary>Use <see cref="TaskFunc(string, TaskFunction)"/>.</summary>
    [Obsolete(IsFunction, error: true), EditorBrowsable(EditorBrowsableState.Never), OverloadResolutionPriority(1)]
    public PlanTask Task(string name, TaskFunction body) => throw new NotSupportedException(IsFunction);

    /// <summary>Use <see cref="TaskFunc(string, Func{OsapiClient, Result})"/>.</summary>
    [Obsolete(IsFunction, error: true), EditorBrowsable(EditorBrowsableState.Never)]
    public PlanTask Task(string name, Func<OsapiClient, Result> body) => throw new NotSupportedException(IsFunction);

    /// <summary>Use <see cref="TaskFunc(string, Func{OsapiClient, CancellationToken, Result})"/>.</summary>
    [Obsolete(IsFunction, error: true), EditorBrowsable(EditorBrowsableState.Never)]
    public PlanTask Task(string name, Func<OsapiClient, CancellationToken, Result> body) => throw new NotSupportedException(IsFunction);

    /// <summary>Use <see cref="TaskFuncWithResults(string, TaskFunctionWithResults)"/>.</summary>
    [Obsolete(IsFunctionWithResults, error: true), EditorBrowsable(EditorBrowsableState.Never), OverloadResolutionPriority(1)]
    public PlanTask Task(string name, TaskFunctionWithResults body) => throw new NotSupportedException(IsFunctionWithResults);

    /// <summary>Use <see cref="TaskFuncWithResults(string, Func{OsapiClient, Results, CancellationToken, Result})"/>.</summary>
    [Obsolete(IsFunctionWithResults, error: true), EditorBrowsable(EditorBrowsableState.Never)]
    public PlanTask Task(string name, Func<OsapiClient, Results, CancellationToken, Result> body) => throw new NotSupportedException(IsFunctionWithResults);

    /// <summary>Leave out the target.</summary>
    [Obsolete(TakesNoTarget, error: true), EditorBrowsable(EditorBrowsableState.Never)]
    public PlanTask<TResult> Task<TRequest, TResult>(string name, ControllerOperation<TRequest, TResult> operation, Target target)
        where TRequest : notnull
        where TResult : notnull => throw new NotSupportedException(TakesNoTarget);

    /// <summary>Leave out the target.</summary>
    [Obsolete(TakesNoTarget, error: true), EditorBrowsable(EditorBrowsableState.Never)]
    public PlanTask<TResult> Task<TRequest, TResult>(string name, ControllerOperation<TRequest, TResult> operation, Target target, TRequest request)
        where TRequest : notnull
        where TResult : notnull => throw new NotSupportedException(TakesNoTarget);

    /// <summary>Give a target.</summary>
    [Obsolete(NeedsTarget, error: true), EditorBrowsable(EditorBrowsableState.Never)]
    public PlanTask<JobReply<TResult>> Task<TRequest, TResult>(string name, Operation<TRequest, TResult> operation)
        where TRequest : notnull
        where TResult : notnull => throw new NotSupportedException(NeedsTarget);

    /// <summary>Give a target.</summary>
    [Obsolete(NeedsTarget, error: true), EditorBrowsable(EditorBrowsableState.Never), OverloadResolutionPriority(1)]
    public PlanTask<JobReply<TResult>> Task<TRequest, TResult>(string name, Operation<TRequest, TResult> operation, TRequest request)
        where TRequest : notnull
        where TResult : notnull => throw new NotSupportedException(NeedsTarget);
}
