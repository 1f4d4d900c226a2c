using System.CommandLine;
using Osapi.Cli.Completion;
using Osapi.Cli.Connection;
using Osapi.Cli.Hosting;
using Osapi.Cli.Plans;
using Osapi.Cli.RunReports;
using Osapi.Operations.Runs;
using Osapi.Orchestrator;

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
        id.CompletionSources.Add(LiveValues.Runs);
        RunOutputOptions output = new();
        ReportOptions reports = new();
        RunningCommand command = new(name, description) { id, plan, stored, rerun, planChanged, force };
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
            return await ResumeAsync(
                settings, run!, new(result.GetValue(plan), result.GetValue(stored)), new(output.IsJson(result), new(verbosity, answers, IsCheck: false, Deadline: null), Why: null, Yes: true, files, Selection: null) { Record = options });
        });
        return command;
    }

    private static async Task<int> ResumeAsync(ConnectionSettings settings, RunId id, ResumedPlanSource source, RunFlags flags)
    {
        using StopSignals signals = new() { HasSecondStep = true };
        await using var connection = await ControllerConnection.OpenWithRunAsync(settings, id, signals.Requested);
        await RunCommand.CheckHealthAsync(connection.Client, signals.Requested);
        var run = await connection.Client.Run.GetAsync(id, cancellationToken: signals.Requested);
        var (path, sources, file) = await source.LoadAsync(run);
        var secrets = await SecretValues.ReadAsync(file.UsedSecrets, path, sources, signals.Requested);
        var record = flags.Record! with { Plan = run.Plan, Values = RunRecording.ValuesOf(file, RunRecording.SelectionOf(run.Values)) };
        return await new PlanExecution(path, sources, file, flags with { Record = record, Selection = RunRecording.SelectionOf(run.Values), Form = flags.Form with { Deadline = file.Deadline } })
            .RunAsync(connection.Client, secrets, signals);
    }
}
