namespace Osapi.Orchestrator;

/// <summary>A run did not succeed. The first error, in the order of the report, is the inner exception.</summary>
public sealed class PlanFailedException(Report report) : Exception(Describe(report), FirstFailed(report)?.Error)
{
    /// <summary>What the run did.</summary>
    public Report Report => report;

    private static string Describe(Report report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var outcome = report.Outcome switch
        {
            PlanOutcome.Cancelled => "was cancelled",
            PlanOutcome.TimedOut => "did not end before its deadline",
            _ => "failed",
        };
        var first = FirstFailed(report) is { } task ? $"; \"{task.Name}\" failed: {task.Error?.Message}" : "";
        return $"the plan {outcome}: {report.Summary()}{first}";
    }

    private static TaskResult? FirstFailed(Report report) => report.Tasks.FirstOrDefault(task => task.Status == Status.Failed);
}
