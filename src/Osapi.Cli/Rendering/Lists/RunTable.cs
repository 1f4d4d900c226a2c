using System.Globalization;
using Osapi.Operations.Runs;

namespace Osapi.Cli.Rendering.Lists;

/// <summary>Prints the list of runs.</summary>
internal static class RunTable
{
    private const int StatusColumn = 1;

    /// <summary>Prints the list.</summary>
    /// <param name="list">The list.</param>
    /// <param name="now">The time, for ages.</param>
    /// <param name="width">The width in cells; null to print all columns, and times instead of ages.</param>
    public static void Print(RunList list, DateTimeOffset now, int? width)
    {
        if (list.Items.Count > 0)
        {
            ListTable table = new(["ID", "STATUS", "PLAN", "STARTED", "TASKS", "CALLER"], [.. list.Items.Select(run => Cells(run, now, isWide: width is null))]);
            table.Print(width, StatusColumn, row => RunStatusStyle.Of(list.Items[row].Status));
        }

        Terminal.Out.Line(list.Items.Count == 0 ? "no runs"
            : string.Create(CultureInfo.InvariantCulture, $"{list.Items.Count} {(list.Items.Count == 1 ? "run" : "runs")}{(list.NextCursor is { } cursor ? $"; next page: --cursor {cursor}" : "")}"));
    }

    private static IReadOnlyList<string> Cells(RunSummary run, DateTimeOffset now, bool isWide) =>
    [
        run.Id.ToString(),
        RunStatusStyle.Text(run.Status),
        run.Plan,
        isWide ? JobViews.Time(run.Started) : ReadableValues.Age(now - run.Started),
        run.TaskCount.ToString(CultureInfo.InvariantCulture),
        run.Caller ?? "",
    ];
}
