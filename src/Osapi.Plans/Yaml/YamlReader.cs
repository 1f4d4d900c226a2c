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
    private const string Text = YamlRules.Standard + "str";

    private readonly IParser parser;
    private readonly SourceText source;
    private readonly List<FileProblem> problems = [];
    private readonly Dictionary<AnchorName, YamlNode?> anchors = [];
    private long nodes;

    private YamlReader(TextReader text, SourceText source) => (parser, this.source) = (new Parser(text), source);

    /// <summary>Returns the root, null when there is none or the text is not YAML, and what was found up to the place where it is not.</summary>
    public static YamlReading Read(SourceText source)
    {
        using StringReader reader = new(source.ToString());
        YamlReader yaml = new(reader, source);
        try
        {
            return new(yaml.ReadFile(), yaml.problems, null, Mark.Empty);
        }
        // For some invalid texts the scanner throws other exceptions, which have no position.
        catch (Exception exception) when (exception is YamlException or InvalidOperationException or ArgumentException or FormatException or IndexOutOfRangeException)
        {
            return new(null, yaml.problems, exception, exception is YamlException { Start: var start } ? start : yaml.parser.Current?.End ?? Mark.Empty);
        }
    }

    private YamlNode? ReadFile()
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
            return null;
        var root = ReadNode(0);
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out var second))
            problems.Add(FileProblem.At(second.Start, "a second document starts here; a file holds one", 3));
        return root;
    }

    private YamlNode ReadNode(int level)
    {
        var start = parser.Current!;
        if (level > MaxDepth)
            throw new YamlRuleException(start, $"nested deeper than {MaxDepth} levels");
        CountNodes(1, start);
        if (parser.TryConsume<AnchorAlias>(out var alias))
            return Resolve(alias, level);

        var (anchor, tag) = start is NodeEvent node ? (node.Anchor, node.Tag) : (AnchorName.Empty, TagName.Empty);
        if ((YamlRules.ProblemOf(source, tag, start.Start) ?? YamlRules.ProblemOf(source, anchor, start.Start)) is { } problem)
            problems.Add(problem);
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
            throw new YamlRuleException(alias, NoAnchor(alias.Value.Value));
        if (node is null)
            throw new YamlRuleException(alias, $"the alias '{alias.Value}' refers to itself");
        if (level + node.Height > MaxDepth)
            throw new YamlRuleException(alias, $"nested deeper than {MaxDepth} levels");
        CountNodes(node.Size, alias);
        return node;
    }

    private YamlScalar ReadScalar()
    {
        var scalar = parser.Consume<Scalar>();
        var isTyped = !scalar.Tag.IsEmpty && !scalar.Tag.IsNonSpecific && scalar.Tag.Value != Text;
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
        Dictionary<string, long> names = [];
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(level + 1);
            var value = ReadNode(level + 1);
            if (key is not YamlScalar { IsNull: false } name)
                problems.Add(key is YamlScalar { IsPlain: true, Text: "" } ? FileProblem.At(value.Start, "there is no key before this value") : YamlRules.NotText(source, key));
            else if (names.TryAdd(name.Text, name.Start.Line))
                members.Add((name, value));
            else
                problems.Add(FileProblem.At(key.Start, $"'{name.Excerpt}' is given more than once (first in line {names[name.Text]})"));
        }

        return new(start, members);
    }

    private string NoAnchor(string name) => YamlRules.NoAnchor(name, anchors.Keys.Select(anchor => anchor.Value));

    private void CountNodes(long count, ParsingEvent node)
    {
        nodes += count;
        if (nodes > MaxNodes)
            throw new YamlRuleException(node, $"more than {MaxNodes} values, aliases followed");
    }
}
