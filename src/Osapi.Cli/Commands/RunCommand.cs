using System.CommandLine;
using System.Text.Json.Nodes;
using Osapi.Cli.Completion;
using Osapi.Cli.Connection;
using Osapi.Cli.Hosting;
using Osapi.Cli.Plans;
using Osapi.Cli.Rendering;
using Osapi.Cli.Rendering.Progress;
using Osapi.Cli.Rendering.Reports;
using Osapi.Cli.Yaml;
using Osapi.Client;
using Osapi.Orchestrator;
using Osapi.Plans;
using Osapi.Plans.Values;
using Osapi.Plans.Yaml;
using Status = Osapi.Orchestrator.Status;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi run</c>: runs a plan file.</summary>
internal static class RunCommand
{
    public const string Name = "run";

    private static readonly TimeSpan HealthTimeout = TimeSpan.FromSeconds(10);

    private static readonly Argument<string> File = new("plan") { Description = "The plan file (YAML); - reads standard input" };
    private static readonly Option<bool> Check = new("--check") { Description = "Show the changes that each task would make, without making them" };

    private static readonly Option<bool> ReportsChange = new("--exit-code") { Description = $"With --check: exit with {ExitCode.WouldChange} when something would change, or this cannot be predicted" };

    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Answer the questions of the plan with yes" };
    private static readonly Option<string?> Why = new("--why") { Description = "Explain why a task ran, was skipped, failed or waited: TASK, or TASK@HOST for one host", HelpName = "task" };

    public static Command Create(ConnectionOptions connection)
    {
        RunOutputOptions output = new();
        PlanInputOptions inputs = new();
        Command command = new(Name, "Run a plan file and report the result of each host") { File, Check, ReportsChange, Why, Yes };
        output.AddTo(command);
        inputs.AddTo(command);
        Why.CompletionSources.Add(context => LiveValues.Tasks(context.ParseResult.GetValue(File)));
        command.SetAction(async (result, _) =>
        {
            List<string> problems = [];
            var settings = connection.Read(result, problems);
            var path = result.GetValue(File)!;
            SourceFiles sources = new();
            var (file, mistakes) = await PlanLoading.LoadAsync(path, sources, inputs.Read(result, path, problems, sources));
            var why = result.GetValue(Why);
            if (file is not null && why is not null)
                problems.AddRange(CellReasons.ProblemsOf(why, file));
            var (verbosity, answers) = output.Read(result, problems);
            if (result.GetValue(ReportsChange) && !result.GetValue(Check))
                problems.Add("--exit-code needs --check");
            return problems.Count + mistakes.Count > 0
                ? throw CommandException.BadInput(problems, mistakes)
                : await RunAsync(path, sources, file!, new(output.IsJson(result), new(verbosity, answers, result.GetValue(Check), file!.Deadline), why, result.GetValue(Yes), result.GetValue(ReportsChange)), settings);
        });
        return command;
    }

    private static async Task<int> RunAsync(string path, SourceFiles sources, PlanFile file, RunFlags flags, ConnectionSettings settings)
    {
        // The first Ctrl-C cancels the plan, the second also the tasks that always run.
        using StopSignals signals = new() { HasSecondStep = true };
        // A check changes nothing that somebody would have to agree to.
        if (!flags.Form.IsCheck && !flags.Yes && !PlanQuestions.Ask(file))
            return ExitCode.Cancelled;
        var secrets = await SecretValues.ReadAsync(file.UsedSecrets, path, sources, signals.Requested);
        await using var connection = await ControllerConnection.OpenAsync(settings, signals.Requested);
        await CheckHealthAsync(connection.Client, signals.Requested);
        RunValues values = new()
        {
            Environment = Environment.GetEnvironmentVariable,
            Secrets = secrets,
            Facts = file.ReadsFacts ? await HostFactsReader.ReadAsync(connection.Client, signals.Requested) : new Dictionary<string, JsonObject>(),
        };

        using var progress = ProgressOf(file, flags);
        RunEvents events = new(file.Name, flags.Form.IsCheck, Terminal.Raw, TimeProvider.System);
        var plan = PlanBuild.Of(
            file, connection.Client, flags.Form.IsCheck ? new DryRunInvoker(connection.Client) : connection.Client, Hooks.Combine(progress.Hooks, flags.Json ? events.Hooks : null), values);
        Report report;
        try
        {
            report = await plan.RunAsync(signals.Insisted, signals.Requested);
        }
        catch (InvalidPlanException exception)
        {
            return Rejected(path, sources, file, exception);
        }

        progress.Dispose();
        var exitCode = ExitCodeOf(report);
        if (exitCode == ExitCode.Ok && flags.ReportsChange && report.Tasks.Any(task => task.Changed || task.Status == Status.Changed))
            exitCode = ExitCode.WouldChange;
        if (flags.Json)
            events.End(report, exitCode);
        else
            PlanReport.Print(report, flags.Form, progress.Operations, exitCode);
        if (flags.Why is not null)
            CellReasons.Print(flags.Json ? Terminal.Error : Terminal.Out, report, flags.Why);
        return exitCode;
    }

    // The lines go on standard error when events are on standard output; the two may be the same terminal, so that there is no status line then.
    private static PlanProgress ProgressOf(PlanFile file, RunFlags flags) => new(
        flags.Form.Verbosity == RunVerbosity.Quiet ? null : flags.Json ? Terminal.Error : Terminal.Out,
        flags.Form.Verbosity != RunVerbosity.Quiet && !flags.Json && Terminal.CanMove ? new(Console.Out, static () => Terminal.Width) : null,
        file.Name,
        TimeProvider.System);

    // What the controller knows to be wrong, beside what the file itself shows: hosts that do not exist, permissions that the caller lacks.
    private static int Rejected(string path, SourceFiles sources, PlanFile file, InvalidPlanException exception)
    {
        Dictionary<string, PlanFileTask> tasks = file.Tasks.ToDictionary(task => task.Name);
        Terminal.Fail(exception.Errors.Where(error => !tasks.ContainsKey(error.Task)).Select(error => error.Message));
        FileProblems.Print(sources.Complete(path, exception.Errors.Where(error => tasks.ContainsKey(error.Task)).Select(error => FileProblem.At(tasks[error.Task].Mark, error.Message) with { File = tasks[error.Task].File })));
        return exception.Errors.All(error => error.Cause is AuthException) ? ExitCode.NotPermitted : ExitCode.BadInput;
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

    /// <summary>The flags of the command.</summary>
    /// <param name="Json">True to print events and the report as JSON.</param>
    /// <param name="Form">The form of the report for people.</param>
    /// <param name="Why">The cell to explain; null for none.</param>
    /// <param name="Yes">True to answer the questions of the plan with yes.</param>
    /// <param name="ReportsChange">True to tell by the exit code that something would change.</param>
    private sealed record RunFlags(bool Json, ReportForm Form, string? Why, bool Yes, bool ReportsChange);
}
