using System.Buffers;

namespace Osapi.Plans.Yaml;

/// <summary>
/// Recognizes the cause of a problem in its line: a dash or a colon without a space, or a value that is a comment. Such lines are valid
/// YAML that nobody means.
/// </summary>
internal static class LineHints
{
    private static readonly SearchValues<char> KeyLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");

    /// <summary>Returns the problem, with its cause if the line shows it.</summary>
    public static FileProblem Explain(FileProblem problem, SourceText source)
    {
        SourceLine line = new(source.Line(problem.Line));
        var at = (int)problem.Column - 1;
        if (problem.Correction is not null || at >= line.Text.Length)
            return problem;
        problem = OperationBeginnings.Explain(problem);
        var rest = line.Text.AsSpan(at);
        if (at == line.Indent && rest.Length > 1 && rest[0] == '-' && char.IsAsciiLetter(rest[1]))
            return problem with { Message = "a dash needs a space after it", Length = 1, Correction = line.Text.Insert(at + 1, " ").Trim() };
        var key = rest.IndexOfAnyExcept(KeyLetters);
        if (key > 0 && key + 1 < rest.Length && rest[key] == ':' && !char.IsWhiteSpace(rest[key + 1]) && (Says(problem, "is unknown") || Says(problem, " is a mapping") || Says(problem, "must be a")))
            return problem with { Message = "a colon needs a space after it", Length = key + 1, Correction = line.Text.Insert(at + key + 1, " ").Trim() };
        if (Says(problem, "must be a list") && at == line.Content && line.Content == line.Indent && line.Colon > at)
            return problem with { Message = problem.Message + "; each item of a list begins with '- '" };
        if (Says(problem, "is unknown") && at == line.Content && ParentBefore(source, problem.Line, at) is { } parent)
            return problem with { Message = $"{problem.Message}; a member of '{parent}' is indented deeper than it" };
        return line.Colon > 0 && line.Value < line.Text.Length && line.Text[line.Value] == '#' && line.Text.Length > line.Value + 1 && line.Text[line.Value + 1] != ' '
            ? problem with { Message = problem.Message + "; '#' begins a comment, so a text that begins with it needs quotes", Correction = $"{line.Text[..line.Value].Trim()} {SourceLine.Quoted(line.Text[line.Value..].Trim())}" }
            : problem;
    }

    // The key without a value in the line before, in the same column.
    private static string? ParentBefore(SourceText source, long number, int column)
    {
        SourceLine before = new(source.Line(number - 1));
        return before.Content == column && before.Colon > column && before.Value >= before.ValueEnd ? before.Text[column..before.Colon] : null;
    }

    private static bool Says(FileProblem problem, string part) => problem.Message.Contains(part, StringComparison.Ordinal);
}
