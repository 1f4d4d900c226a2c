namespace Osapi.Orchestrator;

/// <summary>One thing that is wrong with a plan.</summary>
/// <param name="Task">The name of the task it is about; empty when that is what is missing.</param>
/// <param name="Message">What is wrong; it names the task.</param>
public sealed record PlanError(string Task, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Message;
}

/// <summary>A plan cannot run; everything that is wrong with it is in <see cref="Errors"/>.</summary>
public sealed class InvalidPlanException(IReadOnlyList<PlanError> errors) : Exception("invalid plan: " + string.Join("; ", errors))
{
    /// <summary>Everything that is wrong.</summary>
    public IReadOnlyList<PlanError> Errors => errors;
}
