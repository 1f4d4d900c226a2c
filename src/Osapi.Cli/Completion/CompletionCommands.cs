using System.CommandLine;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;

namespace Osapi.Cli.Completion;

/// <summary>The commands <c>osapi completion</c>: print the scripts for shells, and the words that these scripts ask for.</summary>
internal static class CompletionCommands
{
    public static Command Create(RootCommand root, ConnectionOptions connection)
    {
        Command completion = new("completion", "Print the script that completes command lines in a shell");
        foreach (var (shell, script, usage) in ShellScripts.All)
        {
            Command command = new(shell, $"Print the script for {shell}; {usage}");
            command.SetAction(_ =>
            {
                Terminal.Raw(script.TrimEnd('\n'));
                return ExitCode.Ok;
            });
            completion.Subcommands.Add(command);
        }

        completion.Subcommands.Add(Words(root, connection));
        return completion;
    }

    private static Command Words(RootCommand root, ConnectionOptions connection)
    {
        Argument<string> line = new("line") { Description = "The command line" };
        Option<int?> position = new("--position") { Description = "The position of the cursor; default: the end" };
        Option<double?> timeout = new("--timeout") { Description = "The seconds in which a controller must answer; default: 1", HelpName = "seconds" };
        Command words = new("words", "Print the words that complete a command line, one a line") { line, position, timeout };
        words.Hidden = true;
        words.SetAction(result =>
        {
            LiveValues.Use(connection, result.GetValue(timeout) is { } seconds and > 0 and < 3600 ? TimeSpan.FromSeconds(seconds) : LiveValues.DefaultTimeout);
            foreach (var word in CompletedWords.Of(root, result.GetValue(line)!, result.GetValue(position)))
                Terminal.Out.Line(word);
            return ExitCode.Ok;
        });
        return words;
    }
}
