using Osapi.Operations;
using YamlDotNet.Core;

namespace Osapi.Plans.Yaml;

/// <summary>The features of YAML that no file here needs. They mostly stand for a text that needs quotes, and the message says so.</summary>
internal static class YamlRules
{
    public const string DoubleBrace = "a value that begins with '{{' needs quotes: a brace begins a mapping; an expression is written ${{ }}";

    public const string Standard = "tag:yaml.org,2002:";

    /// <summary>Returns the problem of a tag; null when it is none or known.</summary>
    public static FileProblem? ProblemOf(SourceText source, TagName tag, Mark mark)
    {
        if (tag.IsEmpty || tag.IsNonSpecific || tag.Value is Standard + "str" or Standard + "int" or Standard + "float" or Standard + "bool" or Standard + "null" or Standard + "seq" or Standard + "map")
            return null;
        SourceLine line = new(source.Line(mark.Line));
        return Quote(line, mark, "a value that begins with '!' is a tag; a text or a condition needs quotes") ?? FileProblem.At(mark, $"the tag '{tag.Value}' is unknown; a text that begins with '!' needs quotes");
    }

    /// <summary>Returns the problem of an anchor whose name is none; null when there is none.</summary>
    public static FileProblem? ProblemOf(SourceText source, AnchorName anchor, Mark mark)
    {
        const string Message = "a value that begins with '&' is an anchor; a text needs quotes";
        return anchor.IsEmpty || IsName(anchor.Value) ? null : Quote(new(source.Line(mark.Line)), mark, Message) ?? FileProblem.At(mark, Message);
    }

    /// <summary>Returns the problem of a key that is no text.</summary>
    public static FileProblem NotText(SourceText source, YamlNode key)
    {
        SourceLine line = new(source.Line(key.Start.Line));
        var before = (int)key.Start.Column - 2;
        if (key is not YamlMapping || before < 0 || before >= line.Text.Length || line.Text[before] != '{')
            return FileProblem.At(key.Start, "a key must be text");
        Mark mark = new(key.Start.Index - 1, key.Start.Line, before + 1);
        return Quote(line, mark, DoubleBrace) ?? FileProblem.At(mark, DoubleBrace, 2);
    }

    /// <summary>Returns the message for an alias without an anchor.</summary>
    public static string NoAnchor(string name, IEnumerable<string> anchors) => IsName(name)
        ? $"there is no anchor '{name}' before this alias{Suggestions.Hint(name, anchors)}"
        : "a value that begins with '*' is an alias; a text needs quotes";

    private static bool IsName(string name) => name.All(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.' or '/') && char.IsLetterOrDigit(name[0]);

    private static FileProblem? Quote(SourceLine line, Mark mark, string message) => line.Value == mark.Column - 1 && line.ValueEnd > line.Value
        ? FileProblem.At(mark, message, line.ValueEnd - line.Value) with { Correction = line.WithQuotedValue().Trim() }
        : null;
}
