using System.CommandLine;
using System.Text.Json;
using Osapi.Cli.Completion;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;
using Osapi.Operations.Runs;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi run show</c>: prints a run with its cells and what is owed.</summary>
internal static class RunShowCommand
{
    private static readonly Argument<string> Id = new("id") { Description = "The id of the run" };
    private static readonly Option<bool> Json = new("--json", "-j") { Description = "Print the unmodified JSON response" };

    public static Command Create(ConnectionOptions connection)
    {
        Id.CompletionSources.Add(LiveValues.Runs);
        Command command = new("show", "Shows a run: its status, the result of each task on each host, and the steps that are owed") { Id, Json };
        command.Action = new CheckedAction((result, problems) =>
        {
            var settings = connection.Read(result, problems);
            return RunCommands.ReadId(result.GetValue(Id), problems) is { } id ? cancellationToken => RunAsync(id, result.GetValue(Json), settings, cancellationToken) : null;
        });
        return command;
    }

    private static async Task<int> RunAsync(RunId id, bool json, ConnectionSettings settings, CancellationToken cancellationToken)
    {
        await using var connection = await ControllerConnection.OpenAsync(settings, cancellationToken);
        var runs = connection.Client.Run;
        var run = await runs.GetAsync(id, cancellationToken: cancellationToken);
        if (json)
        {
            Terminal.Raw(JsonSerializer.Serialize(run, RunOperations.Get.Result));
            return ExitCode.Ok;
        }

        RunCells cells = new();
        for (long? after = 0; after is not null;)
        {
            var page = await runs.JournalAsync(new() { Id = id, After = after, Limit = 1000 }, cancellationToken: cancellationToken);
            foreach (var entry in page.Items.SelectMany(batch => batch.Entries))
                cells.Apply(entry);
            after = page.NextAfter;
        }

        RunViews.PrintHead(run);
        RunViews.PrintCells(run, cells);
        RunViews.PrintOwed("taken over from earlier runs", run.Taken);
        RunViews.PrintOwed("owed", run.Owed);
        return ExitCode.Ok;
    }
}
