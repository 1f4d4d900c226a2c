using Osapi.Orchestrator.Engine;

namespace Osapi.Orchestrator.Execution;

/// <summary>The body of a task.</summary>
internal abstract class TaskBody
{
    /// <summary>The problem of the body, as text that follows the task's name; null when there is none.</summary>
    public abstract string? Problem { get; }

    /// <summary>Executes one attempt. A user's function may return null despite its signature.</summary>
    public abstract Task<Result>? InvokeAsync(CellCall call);
}

/// <summary>A body with a function that uses only the client.</summary>
internal sealed class FunctionBody(TaskFunction? function) : TaskBody
{
    public override string? Problem => function is null ? "has no body" : null;

    public override Task<Result>? InvokeAsync(CellCall call) => function!(call.Plan.BodyClient, call.Token);
}

/// <summary>A body with a function that reads the results of earlier tasks.</summary>
internal sealed class FunctionWithResultsBody(TaskFunctionWithResults? function) : TaskBody
{
    public override string? Problem => function is null ? "has no body" : null;

    public override Task<Result>? InvokeAsync(CellCall call) => function!(call.Plan.BodyClient, call.Results, call.Token);
}
