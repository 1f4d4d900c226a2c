using YamlDotNet.Core;
using YamlDotNet.Core.Tokens;

namespace Osapi.Plans.Yaml;

/// <summary>Finds the end of the token at a position, for problems that do not tell how long the place is.</summary>
internal static class SourceTokens
{
    /// <summary>Returns the length of the token within its line; 1 when there is none.</summary>
    public static int LengthAt(FileProblem problem)
    {
        SourceLine line = new(problem.Source!.Line(problem.Line));
        var at = (int)problem.Column - 1;
        var length = at == line.Content && line.Colon > at ? line.Colon - at : at == line.Value ? line.ValueEnd - at : 1;
        using StringReader reader = new(problem.Source.ToString());
        Scanner scanner = new(reader);
        try
        {
            // Where the text is not YAML, the scanner gives the same error for ever.
            while (scanner.MoveNext() && scanner.Current is { } token and not Error && token.Start.Line <= problem.Line)
                if (token.Start.Line == problem.Line && token.Start.Column == problem.Column && token.End.Line == problem.Line && token.End.Column > problem.Column)
                    return (int)(token.End.Column - token.Start.Column);
        }
        // The text may not be YAML up to there.
        catch (Exception exception) when (exception is YamlException or InvalidOperationException or ArgumentException or FormatException or IndexOutOfRangeException)
        {
            return Math.Max(1, length);
        }

        return Math.Max(1, length);
    }
}
