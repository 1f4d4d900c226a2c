using System.CommandLine;
using Osapi.Operations;

namespace Osapi.Cli.Completion;

/// <summary>Finds the words that complete a command line.</summary>
internal static class CompletedWords
{
    /// <summary>Returns the words, sorted by their kind: commands and values first, then options.</summary>
    /// <param name="root">The commands.</param>
    /// <param name="line">The command line; its first word is the name of the program.</param>
    /// <param name="position">The position of the cursor; null for the end.</param>
    public static IReadOnlyList<string> Of(RootCommand root, string line, int? position)
    {
        // What follows the cursor does not count, as in other programs.
        var before = line[..Math.Clamp(position ?? line.Length, 0, line.Length)].TrimStart();
        var program = before.IndexOf(' ', StringComparison.Ordinal);
        if (program < 0)
            return [];
        var arguments = before[(program + 1)..];
        var word = arguments[(arguments.LastIndexOf(' ') + 1)..];
        // An option is offered once a dash is typed: there are many.
        return
        [
            .. root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null }).GetCompletions(arguments.Length)
                .Select(item => item.InsertText ?? item.Label)
                .Where(text => text.StartsWith(word, StringComparison.Ordinal) && (word.StartsWith('-') || !text.StartsWith('-')) && !text.StartsWith('/') && !ControlCharacters.AreIn(text))
                .Distinct(StringComparer.Ordinal),
        ];
    }
}
