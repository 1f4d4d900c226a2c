using Osapi.Plans.Yaml;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Osapi.Plans.Formatting;

/// <summary>The place of each line of a file in its blocks, and the indentation that follows from it.</summary>
internal sealed class LineIndents
{
    private const int Step = 2;

    private readonly SourceText source;
    private readonly int?[] starts;
    private readonly long[] continued;
    private readonly bool[] texts;

    private LineIndents(SourceText source)
    {
        this.source = source;
        (starts, continued, texts) = (new int?[source.Lines.Count + 2], new long[source.Lines.Count + 2], new bool[source.Lines.Count + 2]);
    }

    /// <summary>Returns the indentations; null when the text is not YAML.</summary>
    public static LineIndents? Of(SourceText source)
    {
        LineIndents indents = new(source);
        using StringReader reader = new(source.ToString());
        try
        {
            indents.Read(new Parser(reader));
            return indents;
        }
        catch (Exception exception) when (exception is YamlException or InvalidOperationException or ArgumentException or FormatException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>Determines whether a line is inside a text of several lines.</summary>
    public bool IsText(long number) => texts[number];

    /// <summary>Returns a line with its indentation.</summary>
    public string Format(int number, string line)
    {
        if (line.AsSpan().Trim().IsEmpty)
            return "";
        if (starts[number] is { } indent)
            return new string(' ', indent) + WithSingleSpaces(new(line));
        if (continued[number] > 0)
            return new string(' ', Math.Max(0, new SourceLine(line).Indent + ShiftOf(continued[number]))) + (texts[number] ? line.TrimStart(' ') : line.Trim());
        return new string(' ', CommentIndent(number)) + line.Trim();
    }

    private void Read(Parser parser)
    {
        // For each block: its indentation, and whether the next node is a key.
        Stack<(int Indent, bool IsMapping, bool IsKey)> blocks = new();
        var flow = 0;
        long flowStart = 0;
        while (parser.MoveNext())
            switch (parser.Current)
            {
                case NodeEvent node when flow > 0:
                    flow += node is MappingStart or SequenceStart ? 1 : 0;
                    break;
                case MappingEnd or SequenceEnd when flow > 0:
                    if (--flow == 0)
                        Continue(flowStart, parser.Current.End.Line, isText: false);
                    break;
                case NodeEvent node:
                    var indent = Begin(node, blocks);
                    if (node is MappingStart { Style: MappingStyle.Flow } or SequenceStart { Style: SequenceStyle.Flow })
                        (flow, flowStart) = (1, node.Start.Line);
                    else if (node is MappingStart or SequenceStart)
                        blocks.Push((indent, node is MappingStart, true));
                    else if (node is Scalar { IsKey: false } scalar && scalar.End.Line > scalar.Start.Line)
                        Continue(scalar.Start.Line, scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded && scalar.End.Column == 1 ? scalar.End.Line - 1 : scalar.End.Line, isText: true);
                    break;
                case MappingEnd or SequenceEnd:
                    blocks.Pop();
                    break;
                default:
                    break;
            }
    }

    // Records where the line of a node begins, and returns the indentation of a block that begins with the node.
    private int Begin(NodeEvent node, Stack<(int Indent, bool IsMapping, bool IsKey)> blocks)
    {
        if (!blocks.TryPop(out var block))
            return 0;
        blocks.Push(block with { IsKey = !block.IsKey });
        if (!block.IsMapping || block.IsKey)
        {
            SourceLine line = new(source.Line(node.Start.Line));
            // A list of lists may begin several items in one line; the first one counts.
            if (starts[node.Start.Line] is null && line.Content >= line.Indent && node is not Scalar { Value: "", Style: ScalarStyle.Plain })
                starts[node.Start.Line] = block.Indent;
        }

        return block.Indent + Step;
    }

    private void Continue(long start, long last, bool isText)
    {
        for (var number = start + 1; number <= last && number < continued.Length; number++)
            (continued[number], texts[number]) = (start, isText);
    }

    // The columns by which the content of a line moves.
    private int ShiftOf(long number)
    {
        if (starts[number] is not { } indent)
            return continued[number] > 0 ? ShiftOf(continued[number]) : 0;
        SourceLine line = new(source.Line(number));
        return indent + Dashes(line) * Step - line.Content;
    }

    private int CommentIndent(int number)
    {
        for (var next = number + 1; next < starts.Length; next++)
            if (starts[next] is { } indent)
                return new SourceLine(source.Line(next)).Indent is var own && own == new SourceLine(source.Line(number)).Indent ? indent : Math.Max(0, indent + new SourceLine(source.Line(number)).Indent - own);
        return new SourceLine(source.Line(number)).Indent;
    }

    private static int Dashes(SourceLine line) => line.Text.AsSpan(line.Indent, line.Content - line.Indent).Count('-');

    private static string WithSingleSpaces(SourceLine line)
    {
        var dashes = string.Concat(Enumerable.Repeat("- ", Dashes(line)));
        var rest = line.Text[line.Content..];
        if (line.Colon is > 0 and var colon && line.Value > colon + 1 && line.Value < line.Text.Length && line.Text[line.Value] != '#')
            rest = line.Text[line.Content..(colon + 1)] + " " + line.Text[line.Value..];
        return dashes + rest.TrimEnd();
    }
}
