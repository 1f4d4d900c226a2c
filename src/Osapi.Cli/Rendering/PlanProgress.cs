using System.Globalization;
using Osapi.Orchestrator;
using Osapi.Plans;

namespace Osapi.Cli.Rendering;

/// <summary>Prints the progress of a plan: a line when a task starts, and one when it has ended.</summary>
internal sealed class PlanProgress(Printer printer)
{
    private readonly Dictionary<string, string> calls = [];
    private int width;

    public Hooks Hooks => new() { BeforeTask = Started, AfterTask = Ended, OnRetry = Retried };

    public void Start(string name, IReadOnlyList<PlanFileTask> tasks)
    {
        foreach (var task in tasks)
            calls[task.Name] = task.SameAs is not null ? $"{task.Operation.Id} on the hosts of {task.SameAs}" : task.Target is null ? task.Operation.Id : $"{task.Operation.Id} {task.Target}";
        width = tasks.Max(task => task.Name.Length);
        printer.Styled($"[bold]{name}[/]: {tasks.Count} {(tasks.Count == 1 ? "task" : "tasks")}");
    }

    /// <summary>Formats a duration for people.</summary>
    public static string Seconds(TimeSpan time) => time.TotalSeconds >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms");

    private void Started(PlanTask task) =>
        printer.Styled($"  [blue]{"running",-9}[/]  {task.Name.PadRight(width)}  [grey]{calls[task.Name]}[/]");

    private void Ended(PlanTask task, TaskResult result)
    {
        var reason = PlanReport.Reason(result);
        printer.Styled(
            $"  [{StatusStyle.Of(result.Status)}]{result.Status.ToText(),-9}[/]  {task.Name.PadRight(width)}  [grey]{Seconds(result.Duration)}[/]{(reason is null ? "" : $"  {reason}")}");
    }

    private void Retried(PlanTask task, FailedAttempt attempt) =>
        printer.Styled($"  [yellow]{"retrying",-9}[/]  {task.Name.PadRight(width)}  [grey]attempt {attempt.Number} failed: {attempt.Error.Message}[/]");
}
