using Osapi.Operations;
using Osapi.Orchestrator;
using Osapi.Plans;

namespace Osapi.Cli.Rendering.Reports;

/// <summary>Prints why a task ended on a host as it did, for <c>osapi run --why TASK[@HOST]</c>.</summary>
internal static class CellReasons
{
    /// <summary>Returns the problems of the option; empty when the plan has the task.</summary>
    public static IEnumerable<string> ProblemsOf(string why, PlanFile file)
    {
        var (task, _) = Split(why);
        if (file.Tasks.All(known => known.Name != task))
            yield return $"--why: there is no task '{task}'{Suggestions.Hint(task, file.Tasks.Select(known => known.Name))}";
    }

    public static void Print(Printer printer, Report report, string why)
    {
        var (task, host) = Split(why);
        var hosts = host is not null ? [host] : report.Get(task)!.HostResults.Select(result => result.Hostname).ToList();
        printer.Line();
        if (hosts.Count == 0)
            Print(printer, report.Explain(task), task);
        foreach (var name in hosts)
            Print(printer, report.Explain(task, name), $"{task} on {name}");
    }

    private static void Print(Printer printer, IReadOnlyList<CellReason> steps, string cell)
    {
        if (steps.Count == 0)
            printer.Line($"{cell}: the task does not run there");
        for (var step = 0; step < steps.Count; step++)
            printer.Styled($"{(step == 0 ? "" : "  because ")}[bold]{NameOf(steps[step])}[/] [{StatusStyle.Of(steps[step].Status)}]{steps[step].Status.ToText()}[/]: {steps[step].Text}{Waited(steps[step])}");
    }

    private static string NameOf(CellReason step) => step.Host is null ? step.Task : $"{step.Task} on {step.Host}";

    private static string Waited(CellReason step) => step.WaitedForTask is null ? "" : $" (waited {ReadableValues.Duration(step.Waited)}, last for {step.WaitedForTask}{(step.WaitedForHost is null ? "" : $" on {step.WaitedForHost}")})";

    private static (string Task, string? Host) Split(string why) => why.LastIndexOf('@') is > 0 and var at ? (why[..at], why[(at + 1)..]) : (why, null);
}
