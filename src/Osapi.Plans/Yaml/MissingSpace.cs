namespace Osapi.Plans.Yaml;

/// <summary>Recognizes a dash or a colon without a space: <c>-name: a</c> and <c>op:node.load.get</c> are valid YAML that nobody means.</summary>
internal static class MissingSpace
{
    /// <summary>Returns the problem, with the missing space if that is its cause.</summary>
    public static FileProblem Explain(FileProblem problem, SourceText source)
    {
        var line = source.Line(problem.Line);
        var at = (int)problem.Column - 1;
        if (problem.Correction is not null || at >= line.Length || !(problem.Message.Contains("is unknown", StringComparison.Ordinal) || problem.Message.Contains("mapping", StringComparison.Ordinal) || problem.Message.Contains("a list", StringComparison.Ordinal)))
            return problem;
        var rest = line.AsSpan(at);
        if (rest.Length > 1 && rest[0] == '-' && char.IsAsciiLetter(rest[1]))
            return problem with { Message = "a dash needs a space after it", Length = 1, Correction = line.Insert(at + 1, " ").Trim() };
        var word = rest.IndexOfAnyExcept(Letters);
        return word > 0 && word + 1 < rest.Length && rest[word] == ':' && !char.IsWhiteSpace(rest[word + 1])
            ? problem with { Message = "a colon needs a space after it", Length = word + 1, Correction = line.Insert(at + word + 1, " ").Trim() }
            : problem;
    }

    private static readonly System.Buffers.SearchValues<char> Letters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");
}
