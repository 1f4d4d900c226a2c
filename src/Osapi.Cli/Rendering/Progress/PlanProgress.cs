using Osapi.Cli.Rendering.Reports;
using Osapi.Operations;
using Osapi.Orchestrator;

namespace Osapi.Cli.Rendering.Progress;

/// <summary>
/// Prints the progress of a plan: a line when a task has ended. With a status line it shows what is running; without one, as in the log of a build server, it
/// prints a line when a task starts, and a sign of life when nothing else was printed for a while.
/// </summary>
/// <param name="printer">The destination; null to print nothing.</param>
/// <param name="status">The status line; null without a terminal.</param>
/// <param name="plan">The name of the plan.</param>
/// <param name="time">The time.</param>
internal sealed class PlanProgress(Printer? printer, StatusLine? status, string plan, TimeProvider time) : IDisposable
{
    /// <summary>The interval between signs of life.</summary>
    public static readonly TimeSpan SignInterval = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Operation> operations = [];
    private readonly RunState state = new(time);
    private ITimer? timer;
    private bool hasEnded;
    private int width;

    public Hooks Hooks => new() { BeforePlan = Begun, BeforeTask = Started, AfterHost = HostEnded, AfterTask = Ended, OnRetry = Retried };

    /// <summary>The operations of the tasks so far, by the names of the tasks.</summary>
    public IReadOnlyDictionary<string, Operation> Operations => operations;

    /// <summary>Removes the status line, and ends the signs of life.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            hasEnded = true;
            status?.Clear();
        }

        timer?.Dispose();
    }

    private void Begun(PlanSummary summary)
    {
        width = summary.Steps.SelectMany(step => step.Tasks).Select(task => task.Length).DefaultIfEmpty().Max();
        state.Begin(summary.TotalTasks);
        if (printer is not null)
            timer = time.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Print($"[bold]{plan}[/]: {summary.TotalTasks} {(summary.TotalTasks == 1 ? "task" : "tasks")}");
    }

    private void Started(PlanTask task)
    {
        lock (gate)
            state.TaskStarted(task.Name);
        if (status is null)
            Print($"  [blue]{"running",-9}[/]  {task.Name.PadRight(width)}  [grey]{CallOf(task)}[/]");
        else
            Show();
    }

    private void HostEnded(PlanTask task, HostResult result)
    {
        lock (gate)
            state.HostEnded(task.Name);
    }

    private void Ended(PlanTask task, TaskResult result)
    {
        if (task.Operation is { } operation)
            operations[task.Name] = operation;
        lock (gate)
            state.TaskEnded(task.Name);
        // Of a small part of a large plan the rest says nothing.
        if (result.SkipReason == SkipReasons.NotSelected)
            return;
        var duration = result.IsRestored ? "earlier" : ReadableValues.Duration(result.Duration);
        var reason = PlanReport.Reason(result) is { } text ? $"  {text}" : "";
        Print($"  [{StatusStyle.Of(result.Status)}]{result.Status.ToText(),-9}[/]  {task.Name.PadRight(width)}  [grey]{duration}[/]{Cut(reason, duration.Length)}");
    }

    private void Retried(PlanTask task, FailedAttempt attempt)
    {
        lock (gate)
            state.Retrying(task.Name, attempt.Delay);
        Print($"  [yellow]{"retrying",-9}[/]  {task.Name.PadRight(width)}  [grey]{Cut($"attempt {attempt.Number} failed, next in {ReadableValues.Duration(attempt.Delay)}: {attempt.Error.Message}", 0)}[/]");
    }

    // A line above the status line.
    private void Print(FormattableString line)
    {
        lock (gate)
        {
            status?.Clear();
            printer?.Styled(line);
            ShowStatus();
        }
    }

    private void Show()
    {
        lock (gate)
            ShowStatus();
    }

    private void Tick()
    {
        lock (gate)
        {
            if (hasEnded)
                return;
            if (status is null)
                printer!.Styled($"  [grey]{"waiting",-9}  {state}[/]");
            ShowStatus();
        }
    }

    private void ShowStatus()
    {
        if (hasEnded)
            return;
        status?.Show($"  {state}");
        // From the last line on.
        timer?.Change(status is null ? SignInterval : StatusInterval, Timeout.InfiniteTimeSpan);
    }

    // On a terminal a line takes one row; the reason is told again at the end.
    private string Cut(string text, int before)
    {
        var room = status is null || Terminal.Width is not { } cells ? int.MaxValue : Math.Max(8, cells - before - width - 16);
        return text.Length <= room ? text : $"{text[..(room - 3)]}...";
    }

    private static string CallOf(PlanTask task) =>
        task.SameHostsAs is { } other ? $"{task.Operation} on the hosts of {other}" : task.Target is { } target ? $"{task.Operation} {target}" : $"{task.Operation}";
}
