using System.CommandLine;
using System.Text.Json;
using Osapi.Cli.Completion;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;
using Osapi.Operations.Runs;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi run watch</c>: follows a run until it has ended.</summary>
internal static class RunWatchCommand
{
    private static readonly Argument<string> Id = new("id") { Description = "The id of the run" };
    private static readonly Option<string?> After = AfterOption.Create("Only entries after this position, as --json prints it", "position");
    private static readonly Option<bool> Json = new("--json", "-j") { Description = "Print each message of the journal as a line of JSON" };

    public static Command Create(ConnectionOptions connection)
    {
        Id.CompletionSources.Add(LiveValues.Runs);
        Command command = new("watch", "Follows a run until it has ended; the exit code is 0 when it succeeded. Interrupting the command does not stop the run.") { Id, After, Json };
        command.Action = new CheckedAction((result, problems) =>
        {
            var settings = connection.Read(result, problems);
            var after = AfterOption.Read(result.GetValue(After), problems);
            return RunCommands.ReadId(result.GetValue(Id), problems) is { } id ? cancellationToken => RunAsync(id, after, result.GetValue(Json), settings, cancellationToken) : null;
        });
        return command;
    }

    private static async Task<int> RunAsync(RunId id, long? after, bool json, ConnectionSettings settings, CancellationToken cancellationToken)
    {
        await using var connection = await ControllerConnection.OpenAsync(settings, cancellationToken);
        var runs = connection.Client.Run;
        await foreach (var batch in runs.WatchAsync(id, after, cancellationToken))
        {
            if (json)
                Terminal.Raw(JsonSerializer.Serialize(batch, RunOperations.BatchInfo));
            else
                foreach (var entry in batch.Entries)
                    RunViews.PrintEntry(batch.Timestamp, entry);
            // Without a reader there is no reason to continue.
            if (Terminal.Output.HasFailed)
                return Terminal.Output.IsReaderGone ? ExitCode.ReaderGone : ExitCode.OutputLost;
        }

        var run = await runs.GetAsync(id, cancellationToken: cancellationToken);
        if (!json)
        {
            Terminal.Out.Styled($"run [bold]{id}[/]  [{RunStatusStyle.Of(run.Status)}]{RunStatusStyle.Text(run.Status)}[/]");
            RunViews.PrintOwed("owed", run.Owed);
        }

        return run.Status == RunStatus.Succeeded ? ExitCode.Ok : ExitCode.Failed;
    }
}
