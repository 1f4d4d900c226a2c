using System.CommandLine;
using Osapi.Cli.Connection;
using Osapi.Operations.Runs;

namespace Osapi.Cli.Commands;

/// <summary>The commands about runs beside those of the catalog. A plan file with the name of a command is reached as <c>./list</c>.</summary>
internal static class RunCommands
{
    /// <summary>Adds the commands to <c>osapi run</c>.</summary>
    public static void AddTo(Command run, ConnectionOptions connection)
    {
        run.Subcommands.Add(RunShowCommand.Create(connection));
        run.Subcommands.Add(RunWatchCommand.Create(connection));
        run.Subcommands.Add(RunResumeCommand.CreateResume(connection));
        run.Subcommands.Add(RunResumeCommand.CreateRetry(connection));
        if (run.Subcommands.FirstOrDefault(command => command.Name == "owed") is { } owed)
            ListByDefault(owed);
    }

    // What is owed is a question that is asked often.
    private static void ListByDefault(Command group)
    {
        var list = group.Subcommands.Single(command => command.Name == "list");
        foreach (var option in list.Options)
            group.Options.Add(option);
        group.Action = list.Action;
    }

    /// <summary>Reads the id of a run.</summary>
    public static RunId? ReadId(string? text, List<string> problems)
    {
        if (RunId.TryParse(text, out var id))
            return id;
        problems.Add("id must be a run id (a UUID)");
        return null;
    }
}
