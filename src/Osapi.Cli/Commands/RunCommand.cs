using System.CommandLine;
using Osapi.Cli.Connection;
using Osapi.Cli.Plans;
using Osapi.Cli.Rendering;
using Osapi.Operations;
using Osapi.Orchestrator;

namespace Osapi.Cli.Commands;

/// <summary><c>osapi run</c>: runs a plan file.</summary>
internal static class RunCommand
{
    private static readonly Argument<string> File = new("plan") { Description = "The plan file (YAML)" };
    private static readonly Option<bool> Json = new("--json", "-j") { Description = "Print the report as JSON, and the progress to standard error" };

    public static Command Create(ConnectionOptions connection)
    {
        Command command = new("run", "Run a plan file and report what each host did") { File, Json };
        command.SetAction((result, cancellationToken) =>
            RunAsync(result.GetValue(File)!, result.GetValue(Json), () => connection.Read(result), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string path, bool json, Func<ConnectionChoice> choose, CancellationToken cancellationToken)
    {
        var file = Read(path);
        var choice = choose();
        await using var connection = await ControllerConnection.OpenAsync(choice, cancellationToken);
        // Every task would fail in the same way; one clear word is better.
        await connection.Client.Health.LivenessAsync(cancellationToken);

        PlanProgress progress = new(json ? Terminal.Error : Terminal.Out);
        Plan plan = new(connection.Client, new PlanOptions { Hooks = progress.Hooks });
        Dictionary<string, PlanTask> tasks = [];
        foreach (var task in file.Tasks)
            tasks[task.Name] = plan.Task(task.Name, task.Operation, task.Target, task.Request);
        foreach (var task in file.Tasks)
            tasks[task.Name].DependsOn([.. task.DependsOn.Select(name => tasks[name])]);

        progress.Start(file.Name, file.Tasks);
        var report = await plan.RunAsync(cancellationToken);
        if (json)
            Terminal.Line(ReportJson.Text(file.Name, report));
        else
            PlanReport.Print(report);
        return report.Outcome == PlanOutcome.Cancelled ? ExitCode.Cancelled : report.Succeeded ? ExitCode.Ok : ExitCode.Failed;
    }

    private static PlanFile Read(string path)
    {
        var (document, unreadable) = YamlDocument.Load(path);
        var (plan, problems) = unreadable.Count > 0 ? (null, unreadable) : new PlanFileReader(OperationCatalog.Default).Read(document);
        return plan is not null ? LocalFiles.Resolve(plan, path) : throw new CommandException(ExitCode.BadInput, string.Join('\n', problems.Select(problem => $"{path}:{problem}")));
    }
}
