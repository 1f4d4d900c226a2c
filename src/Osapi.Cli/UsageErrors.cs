using System.CommandLine;
using Osapi.Operations;

namespace Osapi.Cli;

/// <summary>What is wrong with a command line itself, in words that lead on.</summary>
internal static class UsageErrors
{
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command.Action is null && command.Subcommands.Count > 0)
            return [parsed.UnmatchedTokens is [var word, ..]
                ? $"'{Path(parsed)}' has no command '{word}'{Suggestions.Hint(word, command.Subcommands.Select(sub => sub.Name))}"
                : $"'{Path(parsed)}' needs a command: {string.Join(", ", command.Subcommands.Select(sub => sub.Name))}"];

        // The parser's own words for what it could not place say nothing about what was meant.
        var unknown = parsed.UnmatchedTokens.Select(token => $"'{token}' is unknown{Suggestions.Hint(token, Names(parsed))}");
        var others = parsed.Errors.Select(error => error.Message).Where(message => !parsed.UnmatchedTokens.Any(token => message.Contains($"'{token}'", StringComparison.Ordinal)));
        return [.. unknown, .. others];
    }

    /// <summary>Gets what is wrong with the values, if the only other mistakes are words that are unknown: without a value that is missing there is nothing to judge.</summary>
    public static IReadOnlyList<string> OfValues(ParseResult parsed) =>
        parsed.CommandResult.Command.Action is CheckedAction action && parsed.Errors.All(error => parsed.UnmatchedTokens.Any(token => error.Message.Contains($"'{token}'", StringComparison.Ordinal)))
            ? action.Problems(parsed)
            : [];

    /// <summary>The command that was meant, as far as it was understood: <c>osapi node</c>.</summary>
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
