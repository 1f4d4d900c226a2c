using System.Text.Json;
using Osapi.Operations;
using Osapi.Orchestrator;
using Status = Osapi.Orchestrator.Status;

namespace Osapi.Cli.Rendering.Reports;

/// <summary>Prints the answers to the tasks of a run.</summary>
/// <param name="verbosity">The amount of text.</param>
/// <param name="filter">The tasks.</param>
/// <param name="operations">The operations of the tasks, by their names.</param>
internal sealed class TaskAnswers(RunVerbosity verbosity, AnswerFilter filter, IReadOnlyDictionary<string, Operation> operations)
{
    // Of longer texts and tables the rest is printed by a command.
    private const int MaxLines = 10;

    public void Print(Report report)
    {
        var hidden = 0;
        foreach (var task in report.Tasks)
            if (filter.Accepts(task, operations.GetValueOrDefault(task.Name)))
                Print(task);
            else
                hidden++;
        if (hidden == 0)
            return;
        Terminal.Out.Line();
        Terminal.Out.Styled($"[grey]{hidden} {(hidden == 1 ? "task" : "tasks")} without news: --output all shows the answers[/]");
    }

    private void Print(TaskResult task)
    {
        var operation = operations.GetValueOrDefault(task.Name);
        Terminal.Out.Line();
        Terminal.Out.Styled($"[bold]{task.Name}[/]  [{StatusStyle.Of(task.Status)}]{task.Status.ToText()}[/]{(PlanReport.ShortReason(task) is { } why ? $": {why}" : "")}");
        if (task.HostResults.Count == 0 && task.Data is { } data)
            PrintAnswer(JsonElement.Parse(data.ToJsonString()), OptionsOf(operation));
        var reads = operation?.Idempotency == Idempotency.ReadOnly;
        ItemAnswers.Print(task.Items, indent: 2, OptionsOf(operation), reads);
        foreach (var answer in verbosity == RunVerbosity.Verbose ? PrintedAnswer.Each(task) : PrintedAnswer.Folded(task, operation))
        {
            HostReplies.Print(HostNames.Join([.. answer.Hosts.Select(host => host.Hostname)]), answer.Reply, indent: 2, OptionsOf(operation) with { CommandFor = member => Command(task, answer, member) });
            ItemAnswers.Print(answer.Hosts[0].Items, indent: 4, OptionsOf(operation), reads);
        }

        if (task.Status is Status.Failed or Status.Cancelled && task.JobId is { } job)
            Terminal.Out.Styled($"  [grey]job {job}[/]");
    }

    private TreeOptions OptionsOf(Operation? operation) => verbosity == RunVerbosity.Verbose
        ? TreeOptions.Whole with { Contract = operation?.ResultInfo }
        : new() { Contract = operation?.ResultInfo, IsBrief = true, MaxLines = MaxLines };

    // The reply of a controller operation.
    private static void PrintAnswer(JsonElement answer, TreeOptions options)
    {
        if (CheckResult.Read(answer) is { } check)
            CheckLines.Print(check, indent: 2);
        else
            JsonTree.Print(answer, indent: 2, options);
    }

    private static string? Command(TaskResult task, PrintedAnswer answer, string member) =>
        member is "stdout" or "stderr" && (answer.Hosts[0].JobId ?? task.JobId) is { } job ? OutputCommand.Of($"{job}", answer.Hosts[0].Hostname, member) : null;
}
