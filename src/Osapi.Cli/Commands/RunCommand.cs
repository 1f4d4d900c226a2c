using System.CommandLine;
using Osapi.Cli.Connection;
using Osapi.Cli.Plans;
using Osapi.Cli.Rendering;
using Osapi.Cli.Yaml;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Orchestrator;
using Status = Osapi.Orchestrator.Status;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi run</c>: runs a plan file.</summary>
internal static class RunCommand
{
    private static readonly TimeSpan HealthTimeout = TimeSpan.FromSeconds(10);

    private static readonly Argument<string> File = new("plan") { Description = "The plan file (YAML); - reads standard input" };
    private static readonly Option<bool> Json = new("--json", "-j") { Description = "Print the report as JSON; the progress goes to standard error" };
    private static readonly Option<bool> Check = new("--check") { Description = "Show the changes that each task would make, without making them" };

    public static Command Create(ConnectionOptions connection)
    {
        Command command = new("run", "Run a plan file and report the result of each host") { File, Json, Check };
        command.SetAction((result, cancellationToken) =>
        {
            List<string> problems = [];
            var settings = connection.Read(result, problems);
            var file = Read(result.GetValue(File)!, problems);
            return problems.Count > 0 ? throw CommandException.BadInput(problems) : RunAsync(file!, result.GetValue(Json), result.GetValue(Check), settings, cancellationToken);
        });
        return command;
    }

    private static PlanFile? Read(string path, List<string> problems)
    {
        var (root, unreadable) = YamlFile.Load(path);
        var (plan, planProblems) = PlanFileReader.Read(root, unreadable, OperationCatalog.Default);
        problems.AddRange(planProblems.Select(problem => $"{path}:{problem}"));
        return plan is null ? null : LocalFiles.Resolve(plan, path);
    }

    private static async Task<int> RunAsync(PlanFile file, bool json, bool check, ConnectionSettings settings, CancellationToken cancellationToken)
    {
        await using var connection = await ControllerConnection.OpenAsync(settings, cancellationToken);
        await CheckHealthAsync(connection.Client, cancellationToken);

        PlanProgress progress = new(json ? Terminal.Error : Terminal.Out);
        var plan = Build(file, connection.Client, check ? new DryRunInvoker(connection.Client) : connection.Client, progress.Hooks);
        progress.Start(file.Name, file.Tasks);
        var report = await plan.RunAsync(cancellationToken);
        if (json)
            Terminal.Raw(ReportJson.Text(file.Name, report));
        else
            PlanReport.Print(report, check, file.Deadline);
        return ExitCodeOf(report);
    }

    private static int ExitCodeOf(Report report)
    {
        if (report.Outcome is PlanOutcome.Cancelled or PlanOutcome.TimedOut)
            return report.Outcome == PlanOutcome.Cancelled ? ExitCode.Cancelled : ExitCode.DeadlinePassed;
        // An invalid token is not a failure of the hosts.
        var errors = report.Tasks.Where(task => task.Status == Status.Failed).Select(task => task.Error).ToList();
        if (errors.Count > 0 && errors.All(error => error is AuthException))
        {
            Failures.Print((AuthException)errors[0]!);
            return ExitCode.NotPermitted;
        }

        return report.Succeeded ? ExitCode.Ok : ExitCode.Failed;
    }

    private static Plan Build(PlanFile file, OsapiClient client, IOperationInvoker invoker, Hooks hooks)
    {
        Plan plan = new(client, new PlanOptions
        {
            OnError = file.OnError ?? ErrorStrategy.StopAll,
            MaxParallelism = file.MaxParallelism,
            Deadline = file.Deadline,
            Hooks = hooks,
            Invoker = invoker,
        });
        Dictionary<string, PlanTask> tasks = [];
        foreach (var task in file.Tasks)
            tasks[task.Name] = plan.Task(task.Name, task.Operation, task.Target, task.Request);
        foreach (var task in file.Tasks)
            task.Modifiers.ApplyTo(tasks[task.Name].DependsOn([.. task.DependsOn.Select(name => tasks[name])]));
        return plan;
    }

    // Without a controller every task would fail in the same way; one clear message is better.
    private static async Task CheckHealthAsync(OsapiClient client, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(HealthTimeout, TimeProvider.System);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await client.Health.LivenessAsync(cancellationToken: linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandException(ExitCode.Unreachable, $"{client.BaseUrl!.ToString().TrimEnd('/')} did not respond within {HealthTimeout.TotalSeconds} s");
        }
    }
}
