using System.Globalization;
using Osapi.Orchestrator;

namespace Osapi.Cli.Rendering.Reports;

/// <summary>The numbers of tasks that ended in each way on a host. Hosts with the same numbers have one line.</summary>
internal static class HostRecap
{
    private const int MaxLines = 8;

    private static readonly Status[] Shown = [Status.Changed, Status.Unchanged, Status.Skipped, Status.Failed, Status.Cancelled];

    /// <summary>Returns the rows with their heading; empty for a run on fewer than two hosts, whose summary says the same.</summary>
    /// <param name="report">The report.</param>
    /// <param name="isWhole">True for a row for each host, in any number.</param>
    public static IReadOnlyList<IReadOnlyList<string>> Rows(Report report, bool isWhole)
    {
        var hosts = report.Tasks.SelectMany(task => task.HostResults)
            .GroupBy(host => host.Hostname)
            .Select(host => (host.Key, Counts: (int[])[.. Shown.Select(status => host.Count(result => result.Status == status))]))
            .OrderByDescending(host => host.Counts[Array.IndexOf(Shown, Status.Failed)])
            .ThenBy(host => host.Key, StringComparer.Ordinal)
            .ToList();
        if (hosts.Count < 2)
            return [];
        var groups = hosts.GroupBy(host => isWhole ? host.Key : string.Join(' ', host.Counts)).ToList();
        List<IReadOnlyList<string>> rows = [["host", .. Shown.Select(status => status.ToText())]];
        rows.AddRange(groups.Take(isWhole ? int.MaxValue : MaxLines).Select(group => (IReadOnlyList<string>)
            [HostNames.Join([.. group.Select(host => host.Key)]), .. group.First().Counts.Select(count => count.ToString(CultureInfo.InvariantCulture))]));
        if (!isWhole && groups.Count > MaxLines)
            rows.Add([$"{groups.Skip(MaxLines).Sum(group => group.Count())} more: --verbose", .. Shown.Select(_ => "")]);
        // A column without any number says nothing.
        var columns = Enumerable.Range(0, Shown.Length + 1).Where(column => column == 0 || rows.Skip(1).Any(row => row[column] is not ("0" or "")));
        return [.. rows.Select(row => (IReadOnlyList<string>)[.. columns.Select(column => row[column])])];
    }

    public static void Print(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (rows.Count == 0)
            return;
        Terminal.Out.Line();
        Terminal.Out.Columns(rows, numbersFrom: 1);
    }
}
