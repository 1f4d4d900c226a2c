using System.Text.RegularExpressions;

namespace Osapi.Plans.Yaml;

/// <summary>A key that is misspelt is also missing: one problem is enough.</summary>
internal static partial class MisspeltKeys
{
    [GeneratedRegex("^'?([A-Za-z_.]+)'? is required")]
    private static partial Regex Required { get; }

    [GeneratedRegex("(did you mean|here it is called) '([A-Za-z_.]+)'")]
    private static partial Regex Meant { get; }

    /// <summary>Returns the problems without those of keys that are required and there under another name.</summary>
    public static IReadOnlyList<FileProblem> Apply(IReadOnlyList<FileProblem> problems, SourceText source)
    {
        ILookup<string, FileProblem> meant = problems.Where(problem => problem.Message.Contains("is unknown", StringComparison.Ordinal)).Select(problem => (problem, Match: Meant.Match(problem.Message)))
            .Where(pair => pair.Match.Success).ToLookup(pair => pair.Match.Groups[2].Value, pair => pair.problem);
        return meant.Count == 0 ? problems
            : [.. problems.Where(problem => Required.Match(problem.Message) is not { Success: true } required || !meant[required.Groups[1].Value].Any(other => IsSameMapping(problem, other, source)))];
    }

    // A required key is reported where its mapping begins.
    private static bool IsSameMapping(FileProblem required, FileProblem misspelt, SourceText source)
    {
        if (required.Line == misspelt.Line)
            return true;
        if (required.Column != misspelt.Column || misspelt.Line < required.Line)
            return false;
        for (var number = required.Line + 1; number <= misspelt.Line; number++)
            if (new SourceLine(source.Line(number)) is { IsBlank: false } line && line.Indent < required.Column - 1)
                return false;
        return true;
    }
}
