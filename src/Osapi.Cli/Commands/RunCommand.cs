using System.CommandLine;
using Osapi.Cli.Completion;
using Osapi.Cli.Connection;
using Osapi.Cli.Hosting;
using Osapi.Cli.Plans;
using Osapi.Cli.Rendering.Reports;
using Osapi.Cli.RunReports;
using Osapi.Cli.SavedPlans;
using Osapi.Cli.Yaml;
using Osapi.Client;
using Osapi.Operations.Runs;
using Osapi.Plans;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi run</c>: runs a plan file.</summary>
internal static class RunCommand
{
    public const string Name = "run";

    private static readonly TimeSpan HealthTimeout = TimeSpan.FromSeconds(10);

    private static readonly Argument<string> File = new("plan") { Description = "The plan file (YAML); - reads standard input" };
    private static readonly Option<bool> Check = new("--check") { Description = "Show the changes that each task would make, without making them" };

    private static readonly Option<bool> ReportsChange = new("--exit-code") { Description = $"With --check: exit with {ExitCode.WouldChange} when something would change, or this cannot be predicted" };

    private static readonly Option<bool> Detach = new("--detach") { Description = "Hand the plan over to the controllers, which run it without this process, and print the id of the run; what the plan needs of this machine is read now" };
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Answer yes to the questions of the plan, and to the one before it changes several hosts" };
    private static readonly Option<string?> Why = new("--why") { Description = "Explain why a task ran, was skipped, failed or waited: TASK, or TASK@HOST for one host", HelpName = "task" };

    public static Command Create(ConnectionOptions connection)
    {
        RunOutputOptions output = new();
        PlanInputOptions inputs = new();
        ReportOptions reports = new();
        SelectionOptions selections = new();
        RecordOptions records = new();
        RunningCommand command = new(Name, "Run a plan file and report the result of each host") { File, Check, ReportsChange, Detach, Why, Yes };
        output.AddTo(command);
        reports.AddTo(command);
        selections.AddTo(command);
        PlanSaving.AddTo(command);
        inputs.AddTo(command);
        records.AddTo(command);
        Why.CompletionSources.Add(context => LiveValues.Tasks(context.ParseResult.GetValue(File)));
        command.SetAction(async (result, _) =>
        {
            List<string> problems = [];
            var settings = connection.Read(result, problems);
            var path = result.GetValue(File)!;
            SourceFiles sources = new();
            var saving = PlanSaving.Read(result, Check, ref path, problems);
            ReadEnvironment environment = new();
            var given = inputs.Read(result, path, problems, sources, saving?.Environment ?? environment.Get);
            var (file, mistakes) = await PlanLoading.LoadAsync(path, sources, given);
            var why = result.GetValue(Why);
            if (file is not null && why is not null)
                problems.AddRange(CellReasons.ProblemsOf(why, file));
            var (verbosity, answers) = output.Read(result, problems);
            var files = reports.Read(result, problems);
            var selection = selections.Read(result, problems);
            file = file is null ? null : SelectionOptions.Apply(file, selection, problems);
            if (result.GetValue(ReportsChange) && !result.GetValue(Check))
                problems.Add("--exit-code needs --check");
            if (result.GetValue(Detach))
                CheckDetach(result, why, files, problems);
            if (problems.Count + mistakes.Count > 0)
                throw CommandException.BadInput(problems, mistakes);
            RunFlags flags = new(output.IsJson(result), new(verbosity, answers, result.GetValue(Check), file!.Deadline), why, result.GetValue(Yes), files, selection)
            {
                ReportsChange = result.GetValue(ReportsChange),
                Record = records.Read(result, file, path, sources, selection),
                Saving = saving?.With(path, sources, given, inputs.Files(result), selection),
            };
            return result.GetValue(Detach) ? await HandOverAsync(path, sources, file, flags, settings, environment) : await RunAsync(path, sources, file, flags, settings);
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
        if (!flags.Form.IsCheck && !flags.Yes && !await BroadcastQuestion.AskAsync(connection.Client, file, flags.Selection?.Limit, signals.Requested))
            return ExitCode.Cancelled;
        // Not before the connection, which tells when the machine has no source of random numbers.
        return await new PlanExecution(path, sources, file, flags with { Record = flags.Record! with { Id = RunId.New() } }).RunAsync(connection.Client, secrets, signals);
    }

    private static async Task<int> HandOverAsync(string path, SourceFiles sources, PlanFile file, RunFlags flags, ConnectionSettings settings, ReadEnvironment environment)
    {
        using StopSignals signals = new();
        PlanHandOver handOver = new(path, sources, file, flags with { Record = flags.Record! with { Id = RunId.New() } }, environment);
        if (handOver.Problems() is { Count: > 0 } problems)
            throw CommandException.BadInput(problems);
        // Nobody is asked for a plan that cannot be handed over.
        await using var connection = await PlanHandOver.ConnectAsync(settings, signals.Requested);
        await CheckHealthAsync(connection.Client, signals.Requested);
        if (!flags.Yes && (!PlanQuestions.Ask(file) || !await BroadcastQuestion.AskAsync(connection.Client, file, flags.Selection?.Limit, signals.Requested)))
            return ExitCode.Cancelled;
        var secrets = await SecretValues.ReadAsync(file.UsedSecrets, path, sources, signals.Requested);
        return await handOver.RunAsync(connection.Client, secrets, signals.Requested);
    }

    private static void CheckDetach(ParseResult result, string? why, IReadOnlyList<ReportFile> files, List<string> problems)
    {
        if (result.GetValue(Check))
            problems.Add("--detach cannot be used with --check");
        if (why is not null)
            problems.Add("--detach cannot be used with --why: osapi run show tells about the run");
        if (files.Count > 0)
            problems.Add("--detach cannot be used with --report: the run has no result yet");
    }

    // Without a controller every task would fail in the same way; one clear message is better.
    public static async Task CheckHealthAsync(OsapiClient client, CancellationToken cancellationToken)
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
