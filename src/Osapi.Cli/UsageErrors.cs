using System.CommandLine;
using Osapi.Operations;

namespace Osapi.Cli;

/// <summary>The errors of a command line, with suggestions.</summary>
internal static class UsageErrors
{
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command.Action is null && command.Subcommands.Count > 0)
            return [parsed.UnmatchedTokens is [var token, ..]
                ? $"'{Path(parsed)}' has no command '{token}'{Suggestions.Hint(token, command.Subcommands.Select(sub => sub.Name))}"
                : $"'{Path(parsed)}' needs a command: {string.Join(", ", command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name))}"];

        // The parser's own message for an unknown token does not help.
        var unknown = parsed.UnmatchedTokens.Select(token => $"'{token}' is unknown{Suggestions.Hint(token, Names(parsed))}");
        var otherErrors = parsed.Errors.Select(error => error.Message).Where(message => !parsed.UnmatchedTokens.Any(token => message.Contains($"'{token}'", StringComparison.Ordinal)));
        return [.. unknown, .. otherErrors];
    }

    /// <summary>Returns the problems of the values if all other problems are unknown words: when a value is missing, the values cannot be validated.</summary>
    public static IReadOnlyList<string> OfValues(ParseResult parsed) =>
        parsed.CommandResult.Command.Action is CheckedAction action && parsed.Errors.All(error => parsed.UnmatchedTokens.Any(token => error.Message.Contains($"'{token}'", StringComparison.Ordinal)))
            ? action.Problems(parsed)
            : [];

    /// <summary>Returns the recognized part of the command: <c>osapi node</c>.</summary>
    public static string Path(ParseResult parsed)
    {
        Stack<string> names = new();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
            names.Push(result.Parent is null ? "osapi" : result.Command.Name);
        return string.Join(' ', names);
    }

    private static IEnumerable<string> Names(ParseResult parsed)
    {
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
            foreach (var option in result.Command.Options.Where(option => option.Recursive || result == parsed.CommandResult))
                yield return option.Name;
    }
}
