namespace Osapi.Cli.Plans;

/// <summary>One mistake in a file.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Message">What is wrong.</param>
internal sealed record PlanProblem(long Line, long Column, string Message)
{
    public override string ToString() => $"{Line}:{Column}: {Message}";
}
