using System.CommandLine;
using Osapi.Cli.Connection;
using Osapi.Cli.Hosting;
using Osapi.Cli.Plans;
using Osapi.Cli.Rendering;
using Osapi.Cli.Rendering.Reports;
using Osapi.Cli.RunReports;
using Osapi.Cli.SavedPlans;
using Osapi.Operations.Runs;
using Osapi.Orchestrator;
using Osapi.Plans.Recorded;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi apply</c>: runs a saved plan if everything is as it was shown.</summary>
internal static class ApplyCommand
{
    public const string Name = "apply";

    private static readonly Argument<string> File = new("file") { Description = "The saved plan" };
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Answer the questions of the plan with yes" };

    public static Command Create(ConnectionOptions connection)
    {
        RunOutputOptions output = new();
        ReportOptions reports = new();
        RunningCommand command = new(Name, "Run a plan that was saved by osapi run --check --save, if hosts, states and files are as they were shown") { File, Yes };
        output.AddTo(command);
        reports.AddTo(command);
        command.SetAction(async (result, _) =>
        {
            List<string> problems = [];
            var settings = connection.Read(result, problems);
            var (verbosity, answers) = output.Read(result, problems);
            var files = reports.Read(result, problems);
            if (problems.Count > 0)
                throw CommandException.BadInput(problems);
            var path = result.GetValue(File)!;
            return await RunAsync(path, SavedPlanReview.Load(path), new(verbosity, answers, IsCheck: false, Deadline: null), output.IsJson(result), result.GetValue(Yes), files, settings);
        });
        return command;
    }

    private static async Task<int> RunAsync(string path, SavedPlanReview review, ReportForm form, bool json, bool yes, IReadOnlyList<ReportFile> reports, ConnectionSettings settings)
    {
        using StopSignals signals = new() { HasSecondStep = true };
        await using var connection = await ControllerConnection.OpenAsync(settings, signals.Requested);
        await RunCommand.CheckHealthAsync(connection.Client, signals.Requested);
        // Before anything of the document is used: a secret may come from a command that it names.
        if (await review.SignatureProblemAsync(connection.Client, signals.Requested) is { } forged)
            return Refused(path, [forged]);
        var (file, sources) = await review.ReadAsync();
        form = form with { Deadline = file.Deadline };
        var secrets = await SecretValues.ReadAsync(file.UsedSecrets, review.Saved.Path, sources, signals.Requested);
        if (await review.SecretsProblemAsync(connection.Client, secrets, signals.Requested) is { } other)
            return Refused(path, [other]);
        if (!yes && !PlanQuestions.Ask(file))
            return ExitCode.Cancelled;
        var values = await review.ValuesAsync(file, connection.Client, secrets, signals.Requested);
        var differences = await review.DifferencesAsync(file, connection.Client, connection.Client, values, signals.Requested);
        if (differences.Count > 0)
            return Refused(path, differences);

        RunOptions record = new() { Id = RunId.New(), Plan = file.Name, Files = RunRecording.FilesOf(review.Saved.Path, sources), Values = RecordedValues.Of(file, review.Selection) };
        return await new PlanExecution(review.Saved.Path, sources, file, new(json, form, Why: null, yes, reports, review.Selection) { Record = record })
        {
            Values = values.WithRun(record.Id.Value),
            Refuse = problems => Refused(path, problems),
        }.RunAsync(connection.Client, secrets, signals);
    }

    private static int Refused(string path, IReadOnlyList<string> problems)
    {
        Terminal.Fail(problems.Select(problem => $"{path}: {problem}"));
        Terminal.Error.Line("nothing was run");
        return ExitCode.BadInput;
    }
}
