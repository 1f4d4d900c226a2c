using System.Globalization;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Runs;
using Osapi.Plans.Reports;

namespace Osapi.Cli.Rendering;

/// <summary>Prints runs for people.</summary>
internal static class RunViews
{
    /// <summary>Prints the reply to an operation about runs. Returns false when it does not know the operation.</summary>
    public static bool TryPrint(Operation operation, object request, JsonElement document)
    {
        switch (operation)
        {
            case ControllerOperation<CancelRun, RunDetail> cancel:
                var run = document.Deserialize(cancel.Result)!;
                PrintHead(run);
                Terminal.Out.Line(run.Ended is null ? "the run is to be cancelled" : "the run had already ended; nothing was cancelled");
                return true;
            case ControllerOperation<DeleteRun, NoContent>:
                Terminal.Out.Styled($"run [bold]{((DeleteRun)request).Id}[/] is deleted");
                return true;
            case ControllerOperation<ListOwed, OwedList> owed:
                PrintOwed(document.Deserialize(owed.Result)!.Items, "nothing is owed", withPlan: true);
                return true;
            case ControllerOperation<ForgetOwed, OwedList> forget:
                var forgotten = document.Deserialize(forget.Result)!.Items;
                PrintOwed(forgotten, "nothing was forgotten", withPlan: false);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Prints the first lines of a run.</summary>
    public static void PrintHead(RunDetail run)
    {
        Terminal.Out.Styled($"run [bold]{run.Id}[/]  [{RunStatusStyle.Of(run.Status)}]{RunStatusStyle.Text(run.Status)}[/]");
        PrintLine("plan", run.Plan);
        PrintLine("caller", run.Caller);
        PrintLine("controller", run.Detached is true ? run.Controller ?? "none yet" : null);
        PrintLine("started", JobViews.Time(run.Started));
        PrintLine("ended", run.Ended is { } ended ? JobViews.Time(ended) : null);
        PrintLine("superseded", run.SupersededBy is { } successor ? $"by {successor}" : null);
        PrintLine("cancel", run.CancelRequestedBy is { } by ? $"wanted by {by}" : null);
        PrintLine("cells", run.Cells.Count == 0 ? null : string.Join(", ", run.Cells.Select(cell => string.Create(CultureInfo.InvariantCulture, $"{cell.Value} {cell.Key}"))));
    }

    /// <summary>Prints the cells of a run: a line for each task with its hosts, in the order of the plan.</summary>
    public static void PrintCells(RunDetail run, RecordedCells cells)
    {
        Terminal.Out.Line();
        foreach (var task in cells.NamesInOrderOf(run.Tasks))
        {
            var begun = cells.Of(task).Where(cell => cell.Value.Call is not null || cell.Value.End is not null).ToList();
            if (begun.Count > 0)
                Terminal.Out.Styled($"[bold]{task}[/]");
            foreach (var (host, cell) in begun)
            {
                // Nobody records the end of a cell after that of the run.
                var status = cell.IsOpen && run.Ended is not null ? "unknown" : cell.Status;
                Terminal.Out.Styled($"  [{RunStatusStyle.OfCell(status)}]{status,-10}[/]  {host}{(cell.End?.Reason is { } reason ? $"  {reason}" : "")}");
            }
        }
    }

    /// <summary>Prints what a run owes, or took over.</summary>
    public static void PrintOwed(string title, IReadOnlyList<OwedStep> steps)
    {
        if (steps.Count == 0)
            return;
        Terminal.Out.Line();
        Terminal.Out.Styled($"[bold]{title}[/]");
        PrintOwed(steps, none: "", withPlan: false);
    }

    /// <summary>Prints an entry of a journal; nothing for one that says nothing to a person.</summary>
    public static void PrintEntry(DateTimeOffset time, JournalEntry entry)
    {
        if (TextOf(entry) is { } text)
            Terminal.Out.Styled($"[grey]{JobViews.Time(time)}[/]  {text}");
    }

    private static string? TextOf(JournalEntry entry) => entry.Kind switch
    {
        JournalEntryKind.Started => entry.Status is null ? "the run started" : "the run was handed over to the controllers",
        JournalEntryKind.Takeover => entry.Status is not null ? "the run was given to the controllers" : entry.Host is null ? "another runner took over" : $"controller {entry.Host} took over",
        JournalEntryKind.Superseded => "a later run took its place",
        JournalEntryKind.Over => $"the run ended: {entry.Status}{(entry.Reason is null ? "" : $": {entry.Reason}")}",
        JournalEntryKind.Call => $"{entry.Task} called on {(entry.Hosts is { Count: > 0 } hosts ? string.Join(", ", hosts) : entry.Host ?? "its target")}{(entry.JobId is { } job ? $" as job {job}" : "")}",
        JournalEntryKind.Ended => $"{entry.Task} {entry.Status}{(entry.Host is null ? "" : $" on {entry.Host}")}{(entry.Reason is null ? "" : $": {entry.Reason}")}",
        _ => null,
    };

    private static void PrintOwed(IReadOnlyList<OwedStep> steps, string none, bool withPlan)
    {
        foreach (var step in steps)
            Terminal.Out.Styled($"  {(withPlan ? $"{step.Plan}: " : "")}{step.Task}{(step.Host is null ? "" : $" on {step.Host}")}  [grey]since {(step.Since is { } since ? JobViews.Time(since) : "?")}, run {step.Run}{(step.Caller is null ? "" : $" of {step.Caller}")}{(step.HostReplaced == true ? ", the host has another key now" : "")}{(step.TakenBy is null ? "" : $", taken by run {step.TakenBy}")}[/]");
        if (steps.Count == 0 && none.Length > 0)
            Terminal.Out.Line(none);
    }

    private static void PrintLine(string name, string? text)
    {
        if (text is not null)
            Terminal.Out.Styled($"  [grey]{name,-10}[/]  {text}");
    }
}
