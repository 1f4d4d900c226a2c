namespace Osapi.Orchestrator;

/// <summary>An error of a plan.</summary>
/// <param name="Task">The name of the task; empty when the task has no name.</param>
/// <param name="Message">The message, which names the task.</param>
public sealed record PlanError(string Task, string Message)
{
    /// <summary>The exception behind the error: an <see cref="Client.AuthException"/> for a permission that the caller lacks; null for most errors.</summary>
    public Exception? Cause { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Message;
}

/// <summary>The exception for a plan that cannot run; <see cref="Errors"/> lists all errors.</summary>
public sealed class InvalidPlanException(IReadOnlyList<PlanError> errors) : Exception("invalid plan: " + string.Join("; ", errors))
{
    /// <summary>The errors of the plan.</summary>
    public IReadOnlyList<PlanError> Errors => errors;
}
