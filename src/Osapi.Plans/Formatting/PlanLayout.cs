using System.Text;
using Osapi.Plans.Yaml;

namespace Osapi.Plans.Formatting;

/// <summary>
/// The canonical layout of a file: two spaces for each level, lists below their key indented as well, one space after a colon and a dash,
/// at most one empty line, no spaces at the end of a line. Only space between the tokens changes.
/// </summary>
internal static class PlanLayout
{
    /// <summary>Returns the text in the canonical layout; null when the text is not YAML, or its meaning or a comment would change.</summary>
    public static string? Of(SourceText source)
    {
        if (LineIndents.Of(source) is not { } indents)
            return null;
        var text = Write(source, indents);
        return IsSame(source, new(source.Name, text)) ? text : null;
    }

    private static string Write(SourceText source, LineIndents indents)
    {
        StringBuilder text = new();
        var blank = true;
        for (var number = 1; number <= source.Lines.Count; number++)
        {
            var line = indents.Format(number, source.Line(number));
            // The first line after another blank one, unless both are in a text of several lines.
            if (line.Length == 0 && blank && !indents.IsText(number))
                continue;
            blank = line.Length == 0;
            text.Append(line).Append('\n');
        }

        // The end of a block text may be empty lines on purpose (|+).
        var last = text.ToString();
        return last.TrimEnd('\n') is { Length: > 0 } content && !indents.IsText(source.Lines.Count) ? content + "\n" : last;
    }

    private static bool IsSame(SourceText before, SourceText after)
    {
        var (old, now) = (YamlReader.Read(before), YamlReader.Read(after));
        return old.Failure is null && now.Failure is null && old.Problems.Count == now.Problems.Count
            && (old.Root is null ? now.Root is null : now.Root is not null && NodeComparison.AreEqual(old.Root, now.Root))
            && Comments.Of(before).SequenceEqual(Comments.Of(after));
    }
}
