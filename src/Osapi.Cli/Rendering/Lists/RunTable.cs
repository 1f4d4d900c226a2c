using System.Globalization;
using Osapi.Operations.Runs;

namespace Osapi.Cli.Rendering.Lists;

/// <summary>Prints the list of runs.</summary>
internal static class RunTable
{
    /// <summary>Prints the list.</summary>
    /// <param name="list">The list.</param>
    /// <param name="now">The time, for ages.</param>
    /// <param name="width">The width in cells; null to print all columns, and times instead of ages.</param>
    public static void Print(RunList list, DateTimeOffset now, int? width) =>
        new PageTable<RunSummary>("run", ["ID", "STATUS", "PLAN", "STARTED", "TASKS", "CALLER", "CONTROLLER"], (item, isWide) => Cells(item, now, isWide), item => RunStatusStyle.Of(item.Status))
            .Print(list.Items, total: null, list.NextCursor?.ToString(CultureInfo.InvariantCulture), width);

    private static IReadOnlyList<string> Cells(RunSummary run, DateTimeOffset now, bool isWide) =>
    [
        run.Id.ToString(),
        RunStatusStyle.Text(run.Status),
        run.Plan,
        isWide ? JobViews.Time(run.Started) : ReadableValues.Age(now - run.Started),
        run.TaskCount.ToString(CultureInfo.InvariantCulture),
        run.Caller ?? "",
        run.Controller ?? "",
    ];
}
