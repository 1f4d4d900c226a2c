using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Orchestrator;
using Osapi.Plans;
using HostResult = Osapi.Orchestrator.HostResult;
using Status = Osapi.Orchestrator.Status;

namespace Osapi.Cli.Rendering.Reports;

/// <summary>
/// Prints the end of a run: the answers to its tasks, then the failures, a line for each host, what is owed, the time, and one line for all. What
/// somebody needs first stands last, where it is on the screen.
/// </summary>
internal static class PlanReport
{
    // The lines after the failures beside those that are counted: blank ones, the time, the exit code, the summary, and the prompt of the shell.
    private const int OtherRows = 8;

    /// <summary>Returns the reason for a task's status; null when the status needs none, for example after a cancellation.</summary>
    public static string? Reason(TaskResult task) => task.SkipReason ?? task.Error switch
    {
        OperationCanceledException when task.Status == Status.Cancelled => null,
        // The same error of several hosts is told once.
        HostFailuresException error => $"{Count(error)}: {string.Join("; ", error.Hosts.GroupBy(host => host.Error).Select(group => $"{HostNames.Join([.. group.Select(host => host.Hostname)])}: {TextOf(group.First())}"))}",
        var error => error?.Message,
    };

    /// <summary>Returns the reason without what is said about each host.</summary>
    public static string? ShortReason(TaskResult task) => task is { SkipReason: null, Error: HostFailuresException error } ? Count(error) : Reason(task);

    /// <summary>Prints the report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="form">The form of the report.</param>
    /// <param name="operations">The operations of the tasks, by their names.</param>
    /// <param name="exitCode">The exit code of the command.</param>
    public static void Print(Report report, ReportForm form, IReadOnlyDictionary<string, Operation> operations, int exitCode)
    {
        var isQuiet = form.Verbosity == RunVerbosity.Quiet;
        if (!isQuiet)
            new TaskAnswers(form.Verbosity, form.Answers, operations).Print(report);
        var recap = isQuiet ? [] : HostRecap.Rows(report, isWhole: form.Verbosity == RunVerbosity.Verbose);
        var owed = report.Owed.GroupBy(cell => cell.Task).ToList();
        FailureSection.Print(report, form.Verbosity, Terminal.Height - recap.Count - (owed.Count > 0 ? owed.Count + 2 : 0) - OtherRows);
        HostRecap.Print(recap);
        PrintOwed(owed);
        foreach (var error in report.HookErrors)
            Terminal.Fail($"{error.Hook}: {error.Error.Message}");
        if (!isQuiet || exitCode != ExitCode.Ok)
            Terminal.Out.Line();
        if (!isQuiet)
            Terminal.Out.Styled($"[grey]{CriticalPath.Text(report)}[/]");
        if (exitCode != ExitCode.Ok)
            Terminal.Out.Line($"exit code {exitCode}: {ExitCode.MeaningOf(exitCode)}");
        Terminal.Out.Styled($"[bold]{report.Summary()}[/]{(report.Outcome == PlanOutcome.TimedOut ? $"; the deadline of {new Duration(form.Deadline!.Value)} passed" : "")}{(form.IsCheck ? "; a check, nothing was changed" : "")}");
    }

    private static string Count(HostFailuresException error) => error.Message.Split(':')[0];

    private static string TextOf(HostResult host) => string.IsNullOrEmpty(host.Error) ? SnakeCaseName.Of(host.Outcome ?? Outcome.Failed) : host.Error;

    private static void PrintOwed(IReadOnlyList<IGrouping<string, OwedCell>> owed)
    {
        if (owed.Count == 0)
            return;
        Terminal.Out.Line();
        Terminal.Out.Styled($"[yellow]owed[/]: these did not follow a change, and the next run does not see it");
        foreach (var task in owed)
            Terminal.Out.Line($"  {task.Key}{(task.First().Host is null ? "" : $" on {HostNames.Join([.. task.Select(cell => cell.Host!)])}")}");
    }
}
