using System.CommandLine;
using System.Text.Json.Nodes;
using Osapi.Cli.Completion;
using Osapi.Cli.Connection;
using Osapi.Cli.Hosting;
using Osapi.Cli.Plans;
using Osapi.Cli.Rendering;
using Osapi.Cli.Rendering.Progress;
using Osapi.Cli.Rendering.Reports;
using Osapi.Cli.RunReports;
using Osapi.Cli.SavedPlans;
using Osapi.Cli.Yaml;
using Osapi.Client;
using Osapi.Orchestrator;
using Osapi.Plans;
using Osapi.Plans.Reports;
using Osapi.Plans.Saved;
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

    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Answer yes to the questions of the plan, and to the one before it changes several hosts" };
    private static readonly Option<string?> Why = new("--why") { Description = "Explain why a task ran, was skipped, failed or waited: TASK, or TASK@HOST for one host", HelpName = "task" };

    public static Command Create(ConnectionOptions connection)
    {
        RunOutputOptions output = new();
        PlanInputOptions inputs = new();
        ReportOptions reports = new();
        SelectionOptions selections = new();
        Command command = new(Name, "Run a plan file and report the result of each host") { File, Check, Why, Yes };
        output.AddTo(command);
        reports.AddTo(command);
        selections.AddTo(command);
        PlanSaving.AddTo(command);
        inputs.AddTo(command);
        Why.CompletionSources.Add(context => LiveValues.Tasks(context.ParseResult.GetValue(File)));
        command.SetAction(async (result, _) =>
        {
            List<string> problems = [];
            var settings = connection.Read(result, problems);
            var path = result.GetValue(File)!;
            SourceFiles sources = new();
            var saving = PlanSaving.Read(result, Check, ref path, problems);
            var given = inputs.Read(result, path, problems, sources, saving?.Environment);
            var (file, mistakes) = await PlanLoading.LoadAsync(path, sources, given);
            var why = result.GetValue(Why);
            if (file is not null && why is not null)
                problems.AddRange(CellReasons.ProblemsOf(why, file));
            var (verbosity, answers) = output.Read(result, problems);
            var files = reports.Read(result, problems);
            var selection = selections.Read(result, problems);
            file = file is null ? null : SelectionOptions.Apply(file, selection, problems);
            return problems.Count + mistakes.Count > 0
                ? throw CommandException.BadInput(problems, mistakes)
                : await RunAsync(path, sources, file!, new(output.IsJson(result), new(verbosity, answers, result.GetValue(Check), file!.Deadline), why, result.GetValue(Yes), files, selection) { Saving = saving?.With(path, sources, given, inputs.Files(result), selection) }, settings);
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
        var secrets = await SecretValues.ReadAsync(file.UsedSecrets, path, signals.Requested);
        await using var connection = await ControllerConnection.OpenAsync(settings, signals.Requested);
        await CheckHealthAsync(connection.Client, signals.Requested);
        if (!flags.Form.IsCheck && !flags.Yes && !await BroadcastQuestion.AskAsync(connection.Client, file, flags.Selection?.Limit, signals.Requested))
            return ExitCode.Cancelled;
        RunValues values = new()
        {
            Environment = flags.Saving?.Environment ?? Environment.GetEnvironmentVariable,
            Secrets = secrets,
            Facts = file.ReadsFacts ? await HostFactsReader.ReadAsync(connection.Client, signals.Requested) : new Dictionary<string, JsonObject>(),
        };

        using var progress = ProgressOf(file, flags.Form.Verbosity, flags.Json);
        RunEvents events = new(file.Name, flags.Form.IsCheck, Terminal.Raw, TimeProvider.System);
        RecordedChecks requests = new(connection.Client);
        var plan = PlanBuild.Of(
            file, connection.Client, flags.Form.IsCheck ? new DryRunInvoker(requests) : connection.Client, Hooks.Combine(progress.Hooks, flags.Json ? events.Hooks : null), values, flags.Selection);
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
        var written = flags.Json || flags.Reports.Count > 0 ? RunReportBuild.Of(report, plan, file.Name, flags.Form.IsCheck, exitCode) : null;
        if (flags.Json)
            events.End(written!);
        else
            PlanReport.Print(report, flags.Form, progress.Operations, exitCode);
        if (flags.Why is not null)
            CellReasons.Print(flags.Json ? Terminal.Error : Terminal.Out, report, flags.Why);
        exitCode = written is null ? exitCode : ReportOptions.Write(flags.Reports, written);
        return flags.Saving is { } saving && exitCode == ExitCode.Ok ? await saving.SaveAsync(connection.Client, report, plan, requests, file.Name, secrets, signals.Requested) : exitCode;
    }

    // The lines go on standard error when events are on standard output; the two may be the same terminal, so that there is no status line then.
    internal static PlanProgress ProgressOf(PlanFile file, RunVerbosity verbosity, bool json) => new(
        verbosity == RunVerbosity.Quiet ? null : json ? Terminal.Error : Terminal.Out,
        verbosity != RunVerbosity.Quiet && !json && Terminal.CanMove ? new(Console.Out, static () => Terminal.Width) : null,
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

    internal static int ExitCodeOf(Report report)
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
    internal static async Task CheckHealthAsync(OsapiClient client, CancellationToken cancellationToken)
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
    /// <param name="Reports">The files that get the report.</param>
    /// <param name="Selection">The part of the plan that is run; null for all of it.</param>
    private sealed record RunFlags(bool Json, ReportForm Form, string? Why, bool Yes, IReadOnlyList<ReportFile> Reports, PlanSelection? Selection)
    {
        /// <summary>The file that gets what is shown; null for none.</summary>
        public PlanSaving? Saving { get; init; }
    }
}
