using System.Globalization;
using Osapi.Operations.Jobs;

namespace Osapi.Cli.Rendering.Lists;

/// <summary>Prints the list of jobs.</summary>
internal static class JobTable
{
    private const int StatusColumn = 1;

    /// <summary>Prints the list.</summary>
    /// <param name="list">The list.</param>
    /// <param name="now">The time, for ages.</param>
    /// <param name="width">The width in cells; null to print all columns, and times instead of ages.</param>
    public static void Print(JobList list, DateTimeOffset now, int? width)
    {
        if (list.Items.Count > 0)
        {
            ListTable table = new(["ID", "STATUS", "OPERATION", "CREATED", "TARGET", "CALLER"], [.. list.Items.Select(job => Cells(job, now, isWide: width is null))]);
            table.Print(width, StatusColumn, row => JobStatusStyle.Of(list.Items[row].Status));
        }

        Terminal.Out.Line(list.Items.Count == 0 ? "no jobs"
            : string.Create(CultureInfo.InvariantCulture, $"{list.Items.Count} of {list.TotalItems} {(list.TotalItems == 1 ? "job" : "jobs")}{(list.NextCursor is { } cursor ? $"; next page: --cursor {cursor}" : "")}"));
    }

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
