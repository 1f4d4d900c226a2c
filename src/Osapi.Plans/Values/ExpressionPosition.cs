using Osapi.Plans.Expressions;
using Osapi.Plans.Yaml;

namespace Osapi.Plans.Values;

/// <summary>The positions of expressions in their file.</summary>
internal static class ExpressionPosition
{
    /// <summary>
    /// Returns a problem at its place within a text. In a text of several lines, which may be folded, it is the beginning of the text,
    /// and the message has an excerpt.
    /// </summary>
    public static FileProblem At(YamlScalar scalar, ExpressionProblem problem)
    {
        if (!scalar.Text.Contains('\n', StringComparison.Ordinal))
            return new(scalar.Start.Line, scalar.Start.Column + problem.Offset + (scalar.IsPlain ? 0 : 1), problem.Message) { Length = Math.Max(1, problem.Length) };
        var offset = Math.Min(problem.Offset, scalar.Text.Length);
        var line = scalar.Text[..offset].LastIndexOf('\n') + 1;
        var end = scalar.Text.IndexOf('\n', offset) is >= 0 and var next ? next : scalar.Text.Length;
        var excerpt = scalar.Text[line..end].Trim();
        return FileProblem.At(scalar.Start, $"{problem.Message} (in '{(excerpt.Length <= 80 ? excerpt : excerpt[..77] + "...")}')");
    }
}
