namespace Osapi.Orchestrator;

/// <summary>The exception for a run that did not succeed. The inner exception is the first error in the order of the report.</summary>
public sealed class PlanFailedException(Report report) : Exception(Describe(report), FirstFailed(report)?.Error)
{
    /// <summary>The report of the run.</summary>
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
