using System.Text.Json;
using Osapi.Operations;
using Osapi.Orchestrator;
using Osapi.Plans;
using HostResult = Osapi.Orchestrator.HostResult;
using Status = Osapi.Orchestrator.Status;

namespace Osapi.Cli.Rendering;

/// <summary>Prints the report of a plan: each task with its hosts, then one line for all.</summary>
internal static class PlanReport
{
    /// <summary>Returns the reason for a task's status; null when the status needs none, for example after a cancellation.</summary>
    public static string? Reason(TaskResult task) => task.SkipReason ?? (task.Error is OperationCanceledException && task.Status == Status.Cancelled ? null : task.Error?.Message);

    public static void Print(Report report, bool check, TimeSpan? deadline)
    {
        foreach (var task in report.Tasks)
        {
            Terminal.Out.Line();
            Terminal.Out.Styled($"[bold]{task.Name}[/]  [{StatusStyle.Of(task.Status)}]{task.Status.ToText()}[/]{Detail(task)}");
            if (task.HostResults.Count == 0 && task.Data is { } data)
                PrintAnswer(Element(data));
            foreach (var host in task.HostResults)
                HostReplies.Print(Entry(host), indent: 2);
            if (task.Status is Status.Failed or Status.Cancelled && task.JobId is { } job)
                Terminal.Out.Styled($"  [grey]job {job}[/]");
        }

        if (report.Owed.Count > 0)
        {
            Terminal.Out.Line();
            Terminal.Out.Styled($"[yellow]owed[/]: a dependency changed, and these did not follow; the next run does not see that change");
            foreach (var owed in report.Owed)
                Terminal.Out.Line($"  {owed.Task}{(owed.Host is null ? "" : $" on {owed.Host}")}");
        }

        foreach (var error in report.HookErrors)
            Terminal.Fail($"{error.Hook}: {error.Error.Message}");
        Terminal.Out.Line();
        Terminal.Out.Styled($"[bold]{report.Summary()}[/]{(report.Outcome == PlanOutcome.TimedOut ? $"; the deadline of {new Duration(deadline!.Value)} passed" : "")}{(check ? "; a check, nothing was changed" : "")}");
    }

    // The reply of a controller operation.
    private static void PrintAnswer(JsonElement answer)
    {
        if (CheckResult.Read(answer) is { } check)
            CheckLines.Print(check, indent: 2);
        else
            JsonTree.Print(answer, indent: 2);
    }

    private static string Detail(TaskResult task) => Reason(task) is { } why ? $": {why}" : "";

    private static HostReply Entry(HostResult host) => new()
    {
        Hostname = host.Hostname,
        Outcome = host.Outcome ?? OutcomeOf(host.Status),
        // The change of a check is printed separately.
        Changed = host.Check is null && host.Changed,
        Error = host.SkipReason ?? (host.IsExcused && host.Status == Status.Failed ? $"{host.Error} (allowed)" : host.Error),
        Check = host.Check,
        Result = host.Data is { } data ? Element(data) : null,
    };

    // A host that the task did not call has no outcome.
    private static Outcome OutcomeOf(Status status) => status switch
    {
        Status.Skipped => Outcome.Skipped,
        Status.Cancelled => Outcome.Cancelled,
        Status.Failed => Outcome.Failed,
        _ => Outcome.Ok,
    };

    private static JsonElement Element(System.Text.Json.Nodes.JsonObject data) => JsonElement.Parse(data.ToJsonString());
}
