using System.Globalization;
using Osapi.Operations.Jobs;

namespace Osapi.Cli.Rendering.Lists;

/// <summary>Prints the list of jobs.</summary>
internal static class JobTable
{
    /// <summary>Prints the list.</summary>
    /// <param name="list">The list.</param>
    /// <param name="now">The time, for ages.</param>
    /// <param name="width">The width in cells; null to print all columns, and times instead of ages.</param>
    public static void Print(JobList list, DateTimeOffset now, int? width) =>
        new PageTable<JobSummary>("job", ["ID", "STATUS", "OPERATION", "CREATED", "TARGET", "CALLER"], (item, isWide) => Cells(item, now, isWide), item => JobStatusStyle.Of(item.Status))
            .Print(list.Items, list.TotalItems, list.NextCursor?.ToString(CultureInfo.InvariantCulture), width);

    private static IReadOnlyList<string> Cells(JobSummary job, DateTimeOffset now, bool isWide) =>
    [
        job.Id.ToString(),
        JobStatusStyle.Text(job.Status),
        JobViews.OperationText(job.Operation.Type, job.Check),
        isWide ? JobViews.Time(job.Created) : ReadableValues.Age(now - job.Created),
        job.Target,
        job.Caller ?? "",
    ];
}
