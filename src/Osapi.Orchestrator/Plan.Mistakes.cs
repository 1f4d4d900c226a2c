using System.ComponentModel;
using System.Runtime.CompilerServices;
using Osapi.Client;
using Osapi.Operations;

namespace Osapi.Orchestrator;

/// <remarks>
/// What is often written by mistake is declared here, so that the compiler says what to write instead of listing the
/// overloads that do not fit. Nothing here can be called.
/// </remarks>
public sealed partial class Plan
{
    private const string IsFunction = "A body of your own is added with plan.TaskFunc(name, body).";
    private const string IsFunctionWithResults = "A body that reads results is added with plan.TaskFuncWithResults(name, body).";
    private const string TakesNoTarget = "The controller answers this operation itself; leave out the target: plan.Task(name, operation) or plan.Task(name, operation, request).";
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
