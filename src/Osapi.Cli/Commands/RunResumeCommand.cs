using System.CommandLine;
using Osapi.Cli.Completion;
using Osapi.Cli.Connection;
using Osapi.Cli.Hosting;
using Osapi.Cli.Plans;
using Osapi.Cli.RunReports;
using Osapi.Operations.Runs;
using Osapi.Orchestrator;
using Osapi.Plans.Recorded;

namespace Osapi.Cli.Commands;

/// <summary>The commands <c>osapi run resume</c> and <c>osapi run retry</c>: go on with a run that was interrupted, or try again what failed in one.</summary>
internal static class RunResumeCommand
{
    public static Command CreateResume(ConnectionOptions connection) => Create(connection, "resume", "Go on with a run that was interrupted: what has ended stays as it is, and nothing runs twice", isRetry: false);

    public static Command CreateRetry(ConnectionOptions connection) => Create(connection, "retry", "Try again what failed, was cancelled or was skipped in a run; the same as resume --failed", isRetry: true);

    private static Command Create(ConnectionOptions connection, string name, string description, bool isRetry)
    {
        Argument<string> id = new("id") { Description = "The id of the run" };
        Option<string?> plan = new("--plan") { Description = "Go on with this plan file; default: the one that the run was started with", HelpName = "file" };
        Option<bool> stored = new("--stored") { Description = "Go on with the plan as it was when the run was started, although its file has changed since" };
        Option<bool> failed = new("--failed") { Description = "Give what failed, was cancelled or was skipped a new attempt" };
        Option<string[]> rerun = new("--rerun") { Description = "Run this task again although it is not known whether it has run: TASK, or TASK@HOST for one host; can be repeated", HelpName = "task" };
        Option<bool> planChanged = new("--plan-changed") { Description = "Go on although the plan differs: changed and new tasks run where they have not run" };
        Option<bool> force = new("--force") { Description = "Take over the run although another process is heard that runs it" };
        Option<bool> detach = new("--detach") { Description = "Hand the run over to the controllers, which go on with it without this process" };
        id.CompletionSources.Add(LiveValues.Runs);
        RunOutputOptions output = new();
        ReportOptions reports = new();
        RunningCommand command = new(name, description) { id, plan, stored, rerun, planChanged, force, detach };
        if (!isRetry)
            command.Options.Add(failed);
        output.AddTo(command);
        reports.AddTo(command);
        command.SetAction(async (result, _) =>
        {
            List<string> problems = [];
            var settings = connection.Read(result, problems);
            var (verbosity, answers) = output.Read(result, problems);
            var files = reports.Read(result, problems);
            var run = RunCommands.ReadId(result.GetValue(id), problems);
            if (result.GetValue(plan) is not null && result.GetValue(stored))
                problems.Add("--plan cannot be used with --stored");
            if (result.GetValue(detach) && result.GetValue(plan) is not null)
                problems.Add("--detach cannot be used with --plan: the controllers go on with the plan that the record has");
            if (result.GetValue(detach) && files.Count > 0)
                problems.Add("--detach cannot be used with --report: the run has no result yet");
            if (problems.Count > 0)
                throw CommandException.BadInput(problems);
            RunOptions options = new()
            {
                Plan = "",
                Resume = run,
                RetryFailed = isRetry || result.GetValue(failed),
                Rerun = result.GetValue(rerun) ?? [],
                PlanChanged = result.GetValue(planChanged),
                Force = result.GetValue(force),
            };
            ReadEnvironment environment = new();
            ResumedPlanSource source = new(result.GetValue(plan), result.GetValue(stored)) { Environment = environment.Get };
            return await ResumeAsync(
                settings, run!, source, result.GetValue(detach) ? environment : null, new(output.IsJson(result), new(verbosity, answers, IsCheck: false, Deadline: null), Why: null, Yes: true, files, Selection: null) { Record = options });
        });
        return command;
    }

    private static async Task<int> ResumeAsync(ConnectionSettings settings, RunId id, ResumedPlanSource source, ReadEnvironment? detached, RunFlags flags)
    {
        using StopSignals signals = new() { HasSecondStep = true };
        await using var connection = detached is null ? await ControllerConnection.OpenWithRunAsync(settings, id, signals.Requested) : await PlanHandOver.ConnectAsync(settings, signals.Requested);
        await RunCommand.CheckHealthAsync(connection.Client, signals.Requested);
        var run = await connection.Client.Run.GetAsync(id, cancellationToken: signals.Requested);
        var (path, sources, file) = await source.LoadAsync(run);
        var secrets = await SecretValues.ReadAsync(file.UsedSecrets, path, sources, signals.Requested);
        var record = flags.Record! with { Plan = run.Plan, Values = RecordedValues.Of(file, RecordedValues.SelectionOf(run.Values)) };
        flags = flags with { Record = record, Selection = RecordedValues.SelectionOf(run.Values), Form = flags.Form with { Deadline = file.Deadline } };
        if (detached is null)
            return await new PlanExecution(path, sources, file, flags).RunAsync(connection.Client, secrets, signals);
        PlanHandOver handOver = new(path, sources, file, flags, detached);
        List<string> problems = [.. handOver.Problems()];
        if (!Path.IsPathRooted(path))
            problems.Add("--detach: the plan came from standard input, and is not found again");
        return problems.Count > 0 ? throw CommandException.BadInput(problems) : await handOver.RunAsync(connection.Client, secrets, signals.Requested);
    }
}
