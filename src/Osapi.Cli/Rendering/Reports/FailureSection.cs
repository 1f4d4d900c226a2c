using Osapi.Operations;
using Osapi.Orchestrator;
using Osapi.Plans.Reports;
using Status = Osapi.Orchestrator.Status;

namespace Osapi.Cli.Rendering.Reports;

/// <summary>Prints the failures of a run: the task, the hosts, the error, and the last lines of the standard error.</summary>
/// <remarks>On a terminal, the section is made to fit: each line is cut at the width, and fewer lines of standard error are printed.</remarks>
internal static class FailureSection
{
    // The width of a failure that is searched in a log, and not read on a terminal.
    private const int MaxLength = 2000;
    private const int MinRows = 8;

    /// <summary>Prints the section; nothing when there were no failures.</summary>
    /// <param name="report">The report.</param>
    /// <param name="verbosity">The amount of text.</param>
    /// <param name="rows">The rows of the terminal that are left; null without a terminal.</param>
    public static void Print(Report report, RunVerbosity verbosity, int? rows)
    {
        var failures = FailedCells.Of(RunReportBuild.ResultsOf(report));
        if (failures.Count > 0)
        {
            Terminal.Out.Line();
            Terminal.Out.Styled($"[red]failed[/]");
            var limit = verbosity == RunVerbosity.Verbose ? null : rows;
            var tail = TailThatFits(failures, limit);
            var count = limit is null ? failures.Count : Math.Min(failures.Count, Math.Max(MinRows, limit.Value) / 2);
            foreach (var failure in failures.Take(count))
                Print(failure, tail);
            if (count < failures.Count)
                Terminal.Out.Line($"  and {failures.Count - count} more: --verbose shows them");
        }

        PrintStopped(report);
    }

    private static void Print(FailedCells failure, int tail)
    {
        var place = failure.Hosts.Count == 0 ? "" : $" on {HostNames.Join(failure.Hosts)}";
        // The error may go on in a second row, but not fill the screen.
        var length = Terminal.Width is { } width ? Math.Max(width, (2 * width) - failure.Task.Length - place.Length - 4) : MaxLength;
        Terminal.Out.Styled($"  [bold]{failure.Task}[/]{place}: [red]{Cut(failure.Error, length)}[/]{(failure.IsAllowed ? " (allowed)" : "")}");
        foreach (var line in failure.Tail.Skip(failure.Tail.Count - Math.Min(tail, failure.Tail.Count)))
            Terminal.Out.Line($"      {Cut(ControlCharacters.Escape(line), (Terminal.Width ?? MaxLength) - 7)}");
        if (failure.Command is not null && tail > 0)
            Terminal.Out.Styled($"      [grey]{failure.Command}[/]");
    }

    // Those that ran when the run was stopped.
    private static void PrintStopped(Report report)
    {
        var stopped = report.Tasks.Where(task => task.Status == Status.Cancelled && task.Attempts > 0).ToList();
        if (stopped.Count == 0)
            return;
        Terminal.Out.Line();
        Terminal.Out.Styled($"[yellow]stopped while running[/]");
        foreach (var task in stopped)
        {
            var hosts = task.HostResults.Where(host => host.Status == Status.Cancelled && host.Attempts > 0).Select(host => host.Hostname).ToList();
            Terminal.Out.Line($"  {task.Name}{(hosts.Count == 0 ? "" : $" on {HostNames.Join(hosts)}")} after {ReadableValues.Duration(task.Duration)}");
        }
    }

    // The most lines of each standard error with which all failures fit.
    private static int TailThatFits(IReadOnlyList<FailedCells> failures, int? rows)
    {
        var tail = failures.Max(failure => failure.Tail.Count);
        while (rows is not null && tail > 0 && failures.Sum(failure => 2 + Math.Min(tail, failure.Tail.Count) + (failure.Command is null ? 0 : 2)) > Math.Max(MinRows, rows.Value))
            tail--;
        return tail;
    }

    private static string Cut(string text, int length) => text.Length <= Math.Max(8, length) ? text : $"{text[..(Math.Max(8, length) - 3)]}...";
}
