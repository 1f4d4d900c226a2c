using Osapi.Orchestrator.Engine;

namespace Osapi.Orchestrator.Execution;

/// <summary>What a task does.</summary>
internal abstract class TaskBody
{
    /// <summary>What is wrong with it, to follow the task's name; null when nothing is.</summary>
    public abstract string? Problem { get; }

    /// <summary>One attempt. A user's function may return null against its signature.</summary>
    public abstract Task<Result>? InvokeAsync(TaskRun run);

    /// <summary>Whether another attempt would do anything.</summary>
    public virtual bool CanRetry(TaskRun run, RetryStrategy strategy) => true;
}

/// <summary>A function that needs only the client.</summary>
internal sealed class FunctionBody(TaskFunction? function) : TaskBody
{
    public override string? Problem => function is null ? "has no body" : null;

    public override Task<Result>? InvokeAsync(TaskRun run) => function!(run.Plan.BodyClient, run.Token);
}

/// <summary>A function that reads the results before it.</summary>
internal sealed class FunctionWithResultsBody(TaskFunctionWithResults? function) : TaskBody
{
    public override string? Problem => function is null ? "has no body" : null;

    public override Task<Result>? InvokeAsync(TaskRun run) => function!(run.Plan.BodyClient, run.Results, run.Token);
}
