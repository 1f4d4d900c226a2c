using System.Text;
using YamlDotNet.Core;

namespace Osapi.Plans.Yaml;

/// <summary>
/// Reads a text to its end although it is not YAML everywhere. Where a mistake shows what was meant, reading goes on with that; otherwise
/// the part of the file with the mistake, such as a task, is left out.
/// </summary>
internal static class YamlRecovery
{
    private const int MaxMistakes = 20;

    // A large text is not read very often.
    private const int LargeText = 512 * 1024;

    public static YamlDocument Read(SourceText source)
    {
        List<FileProblem> found = [];
        StringBuilder lost = new();
        var text = source;
        var rounds = source.Lines.Sum(line => (long)line.Length) > LargeText ? 2 : MaxMistakes;
        var reading = YamlReader.Read(text);
        while (reading.Failure is { } failure)
        {
            var mistake = failure is YamlRuleException ? new(FileProblem.At(reading.Place, failure.Message)) : SyntaxExplanation.Explain(text, failure, reading.Place);
            var next = mistake.Intended is { } intended && YamlReader.Read(intended) is var corrected && IsAfter(corrected, reading) ? (intended, corrected) : default;
            found.Add(next.intended is null ? mistake.Problem with { Correction = null } : mistake.Problem);
            // A limit is no mistake of one part.
            if (found.Count >= rounds || IsLimit(failure))
                return new(null, found, source);
            if (next.intended is not null)
            {
                (text, reading) = next;
                continue;
            }

            var (first, last) = YamlParts.Around(text, Math.Clamp(mistake.Problem.Line, 1, text.Lines.Count));
            for (var line = first; line <= last; line++)
                lost.AppendLine(source.Line(line));
            text = text.Blank(first, last);
            var rest = YamlReader.Read(text);
            if (!IsAfter(rest, reading))
                return new(null, found, source);
            reading = rest;
        }

        return new(reading.Root, [.. found.Concat(reading.Problems).OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)], source) { Read = text, Lost = lost.ToString() };
    }

    private static bool IsLimit(Exception failure) => failure is YamlRuleException && (failure.Message.StartsWith("nested", StringComparison.Ordinal) || failure.Message.StartsWith("more", StringComparison.Ordinal));

    private static bool IsAfter(YamlReading next, YamlReading before) => next.Failure is null || Position(next.Place).CompareTo(Position(before.Place)) > 0;

    private static (long Line, long Column) Position(Mark mark) => (mark.Line, mark.Column);
}
