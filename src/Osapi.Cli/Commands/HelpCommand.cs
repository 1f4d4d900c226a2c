using System.CommandLine;
using System.CommandLine.Completions;
using Osapi.Cli.Completion;
using Osapi.Operations;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi help</c>: prints the help of a command, as <c>--help</c> after it does.</summary>
internal static class HelpCommand
{
    public static Command Create(RootCommand root)
    {
        Argument<string[]> words = new("command") { Arity = ArgumentArity.ZeroOrMore, Description = "The words of the command, such as: job list" };
        words.CompletionSources.Add(context => !LiveValues.IsUsed ? [] : Find(root, context.ParseResult.GetValue(words) ?? []).Command.Subcommands.Where(command => !command.Hidden).Select(command => new CompletionItem(command.Name)));
        Command help = new("help", "Print the help of a command") { words };
        help.SetAction(result =>
        {
            var names = result.GetValue(words) ?? [];
            var (command, path, unknown) = Find(root, names);
            if (unknown is not null)
                throw new CommandException(ExitCode.BadInput, $"'osapi{path}' has no command '{unknown}'{Suggestions.Hint(unknown, command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name))}");
            return root.Parse([.. names, "--help"]).Invoke();
        });
        return help;
    }

    // The command as far as the words are known, and the first that is not.
    private static (Command Command, string Path, string? Unknown) Find(RootCommand root, IReadOnlyList<string> names)
    {
        Command command = root;
        var path = "";
        foreach (var name in names)
        {
            if (command.Subcommands.FirstOrDefault(sub => sub.Name == name) is not { } next)
                return (command, path, name);
            command = next;
            path += $" {name}";
        }

        return (command, path, null);
    }
}
