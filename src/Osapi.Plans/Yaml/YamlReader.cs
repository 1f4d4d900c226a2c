using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Osapi.Plans.Yaml;

/// <summary>
/// Reads YAML into nodes. Features that no file here needs are rejected with their position: keys that are not text, unknown tags, a
/// second document. Deep nesting and recursive or very large aliases are rejected as well, because they could keep the reader busy
/// without end.
/// </summary>
internal sealed class YamlReader
{
    private const int MaxDepth = 64;
    private const long MaxNodes = 1_000_000;
    private const string Standard = "tag:yaml.org,2002:";

    private readonly IParser parser;
    private readonly List<FileProblem> problems = [];
    private readonly Dictionary<AnchorName, YamlNode?> anchors = [];
    private long nodes;

    private YamlReader(TextReader text) => parser = new Parser(text);

    /// <summary>Returns the root, null when there is none or it cannot be read, and all problems of the YAML.</summary>
    public static (YamlNode? Root, IReadOnlyList<FileProblem> Problems) Read(string text)
    {
        using StringReader reader = new(text);
        YamlReader yaml = new(reader);
        try
        {
            return (yaml.ReadFile(), yaml.problems);
        }
        catch (YamlException exception)
        {
            return (null, [.. yaml.problems, FindTab(text, exception) ?? FileProblem.At(exception.Start, exception.Message)]);
        }
        // For some invalid texts the scanner throws other exceptions, which have no position.
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or FormatException or IndexOutOfRangeException)
        {
            return (null, [.. yaml.problems, FileProblem.At(yaml.parser.Current?.End ?? Mark.Empty, "invalid YAML from here on")]);
        }
    }

    // The scanner reports a tab in the indentation at the mapping around it, which may be the whole file.
    private static FileProblem? FindTab(string text, YamlException exception)
    {
        if (!exception.Message.Contains("tab as indentation", StringComparison.Ordinal))
            return null;
        var lines = text.Split('\n');
        var line = Array.FindIndex(lines, line => line.TrimStart(' ').StartsWith('\t'));
        return line < 0 ? null : new(line + 1, lines[line].IndexOf('\t', StringComparison.Ordinal) + 1, "a tab cannot indent; use spaces");
    }

    private YamlNode? ReadFile()
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
            return null;
        var root = ReadNode(0);
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out var second))
            problems.Add(FileProblem.At(second.Start, "a second document starts here; a file holds one"));
        return root;
    }

    private YamlNode ReadNode(int level)
    {
        var start = parser.Current!;
        if (level > MaxDepth)
            throw new YamlException(start.Start, start.End, $"nested deeper than {MaxDepth} levels");
        CountNodes(1, start);
        if (parser.TryConsume<AnchorAlias>(out var alias))
            return Resolve(alias, level);

        var (anchor, tag) = start is NodeEvent node ? (node.Anchor, node.Tag) : (AnchorName.Empty, TagName.Empty);
        CheckTag(tag, start.Start);
        // Declared from here on, but complete only after it has been read: an alias inside would refer to itself.
        if (!anchor.IsEmpty)
            anchors[anchor] = null;
        YamlNode read = start switch
        {
            SequenceStart => ReadList(level),
            MappingStart => ReadMapping(level),
            _ => ReadScalar(),
        };
        if (!anchor.IsEmpty)
            anchors[anchor] = read;
        return read;
    }

    private YamlNode Resolve(AnchorAlias alias, int level)
    {
        if (!anchors.TryGetValue(alias.Value, out var node))
            throw new YamlException(alias.Start, alias.End, $"there is no anchor '{alias.Value}' before this alias");
        if (node is null)
            throw new YamlException(alias.Start, alias.End, $"the alias '{alias.Value}' refers to itself");
        if (level + node.Height > MaxDepth)
            throw new YamlException(alias.Start, alias.End, $"nested deeper than {MaxDepth} levels");
        CountNodes(node.Size, alias);
        return node;
    }

    private YamlScalar ReadScalar()
    {
        var scalar = parser.Consume<Scalar>();
        var isTyped = !scalar.Tag.IsEmpty && !scalar.Tag.IsNonSpecific && scalar.Tag.Value != Standard + "str";
        return new(scalar.Start, scalar.Value, scalar.Style == ScalarStyle.Plain && (scalar.Tag.IsEmpty || isTyped), isTyped);
    }

    private YamlList ReadList(int level)
    {
        var start = parser.Consume<SequenceStart>().Start;
        List<YamlNode> items = [];
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(ReadNode(level + 1));
        return new(start, items);
    }

    private YamlMapping ReadMapping(int level)
    {
        var start = parser.Consume<MappingStart>().Start;
        List<(YamlScalar, YamlNode)> members = [];
        HashSet<string> names = [];
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(level + 1);
            var value = ReadNode(level + 1);
            if (key is not YamlScalar { IsNull: false } name)
                problems.Add(FileProblem.At(key.Start, "a key must be text"));
            else if (names.Add(name.Text))
                members.Add((name, value));
            else
                problems.Add(FileProblem.At(key.Start, $"'{name.Excerpt}' is given more than once"));
        }

        return new(start, members);
    }

    private void CheckTag(TagName tag, Mark mark)
    {
        if (!tag.IsEmpty && !tag.IsNonSpecific && tag.Value is not (Standard + "str" or Standard + "int" or Standard + "float" or Standard + "bool" or Standard + "null" or Standard + "seq" or Standard + "map"))
            problems.Add(FileProblem.At(mark, $"the tag '{tag.Value}' is unknown"));
    }

    private void CountNodes(long count, ParsingEvent node)
    {
        nodes += count;
        if (nodes > MaxNodes)
            throw new YamlException(node.Start, node.End, $"more than {MaxNodes} values, aliases followed");
    }
}
