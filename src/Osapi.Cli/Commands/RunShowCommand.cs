using System.CommandLine;
using System.Text.Json;
using Osapi.Cli.Completion;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;
using Osapi.Cli.RunReports;
using Osapi.Operations.Runs;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi run show</c>: prints a run with its cells and what is owed, and writes its report.</summary>
internal static class RunShowCommand
{
    private static readonly Argument<string> Id = new("id") { Description = "The id of the run" };
    private static readonly Option<bool> Json = new("--json", "-j") { Description = "Print the unmodified JSON response" };

    public static Command Create(ConnectionOptions connection)
    {
        Id.CompletionSources.Add(LiveValues.Runs);
        Command command = new("show", "Shows a run: its status, the result of each task on each host, and the steps that are owed") { Id, Json };
        ReportOptions reports = new("Write the report of the run to a file, as far as it has come and its results are kept");
        reports.AddTo(command);
        command.Action = new CheckedAction((result, problems) =>
        {
            var settings = connection.Read(result, problems);
            var files = reports.Read(result, problems);
            return RunCommands.ReadId(result.GetValue(Id), problems) is { } id ? cancellationToken => RunAsync(id, result.GetValue(Json), files, settings, cancellationToken) : null;
        });
        return command;
    }

    private static async Task<int> RunAsync(RunId id, bool json, IReadOnlyList<ReportFile> files, ConnectionSettings settings, CancellationToken cancellationToken)
    {
        await using var connection = await ControllerConnection.OpenAsync(settings, cancellationToken);
        var run = await connection.Client.Run.GetAsync(id, cancellationToken: cancellationToken);
        var cells = json && files.Count == 0 ? new() : await PastRun.CellsAsync(connection.Client, id, cancellationToken);
        var written = ExitCode.Ok;
        if (files.Count > 0)
        {
            var report = await PastRun.ReportAsync(connection.Client, run, cells, cancellationToken);
            written = ReportOptions.Write(files, report, ExitCode.Ok);
            foreach (var note in report.Notes)
                Terminal.Error.Styled($"[grey]note: {note}[/]");
        }

        if (json)
        {
            Terminal.Raw(JsonSerializer.Serialize(run, RunOperations.Get.Result));
            return written;
        }

        RunViews.PrintHead(run);
        RunViews.PrintCells(run, cells);
        RunViews.PrintOwed("taken over from earlier runs", run.Taken);
        RunViews.PrintOwed("owed", run.Owed);
        return written;
    }
}
