using System.Text.Json;
using Osapi.Operations;
using Osapi.Orchestrator;
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
        Outcome = host.Outcome ?? (string.IsNullOrEmpty(host.Error) ? Outcome.Ok : Outcome.Failed),
        // The change of a check is printed separately.
        Changed = host.Check is null && host.Changed,
        Error = host.Error,
        Check = host.Check,
        Result = host.Data is { } data ? Element(data) : null,
    };

    private static JsonElement Element(System.Text.Json.Nodes.JsonObject data) => JsonElement.Parse(data.ToJsonString());
}
