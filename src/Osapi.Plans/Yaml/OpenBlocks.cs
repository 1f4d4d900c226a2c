using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Osapi.Plans.Yaml;

/// <summary>The collections around the place where a text stops being YAML.</summary>
internal sealed class OpenBlocks
{
    private readonly Stack<NodeEvent> open = new();
    private readonly List<NodeEvent> closed = [];

    /// <summary>The last scalar before the place; null when there is none.</summary>
    public Scalar? LastScalar { get; private set; }

    /// <summary>The innermost collection in brackets or braces; null when the place is in none.</summary>
    public NodeEvent? Flow => open.TryPeek(out var top) && !IsBlock(top) ? top : null;

    /// <summary>The innermost collection that the place is in; null when there is none.</summary>
    public NodeEvent? Innermost => open.TryPeek(out var top) ? top : null;

    /// <summary>The collections that are still open, innermost first.</summary>
    public IEnumerable<NodeEvent> Open => open.Where(IsBlock);

    /// <summary>The blocks that the line of the place has ended, innermost first.</summary>
    public IReadOnlyList<NodeEvent> Closed => closed;

    /// <summary>Follows the text to the place where it stops being YAML.</summary>
    public static OpenBlocks Of(string text)
    {
        OpenBlocks blocks = new();
        using StringReader reader = new(text);
        Parser parser = new(reader);
        try
        {
            while (parser.MoveNext())
                blocks.Add(parser.Current!);
        }
        // The scanner also throws exceptions that are not its own.
        catch (Exception exception) when (exception is YamlException or InvalidOperationException or ArgumentException or FormatException or IndexOutOfRangeException)
        {
            // The place is reached.
        }

        return blocks;
    }

    private void Add(ParsingEvent next)
    {
        switch (next)
        {
            case MappingStart or SequenceStart:
                open.Push((NodeEvent)next);
                closed.Clear();
                break;
            case MappingEnd or SequenceEnd:
                if (open.TryPop(out var ended) && IsBlock(ended))
                    closed.Add(ended);
                break;
            // The parser gives an empty value where a block is wrong before it tells so.
            case Scalar { Value: "", Style: ScalarStyle.Plain }:
                break;
            case Scalar scalar:
                LastScalar = scalar;
                closed.Clear();
                break;
            default:
                break;
        }
    }

    private static bool IsBlock(NodeEvent node) => node is MappingStart { Style: MappingStyle.Block } or SequenceStart { Style: SequenceStyle.Block };
}
