using Osapi.Operations;
using YamlDotNet.Core;

namespace Osapi.Plans.Yaml;

/// <summary>The fields of a mapping. A field that is unknown or of the wrong kind is added to the problems.</summary>
internal sealed class YamlFields
{
    private readonly Dictionary<string, YamlNode> fields = [];
    private readonly YamlMapping mapping;
    private readonly List<FileProblem> problems;

    /// <summary>Reads the fields of a mapping.</summary>
    /// <param name="mapping">The mapping.</param>
    /// <param name="known">The fields that it may have.</param>
    /// <param name="problems">Receives the problems.</param>
    /// <param name="newer">The fields that it may have in a file of a later version; null for none.</param>
    public YamlFields(YamlMapping mapping, IReadOnlyList<string> known, List<FileProblem> problems, IReadOnlyList<string>? newer = null)
    {
        this.mapping = mapping;
        this.problems = problems;
        foreach (var (key, value) in mapping.Members)
            if (known.Contains(key.Text))
                fields[key.Text] = value;
            else if (newer?.Contains(key.Text) == true)
                problems.Add(FileProblem.At(key.Start, $"'{key.Text}' needs 'version: 1' at the beginning of the file"));
            else
                problems.Add(FileProblem.At(key.Start, $"'{key.Excerpt}' is unknown{OtherNames.Hint(key.Text, known)} (known: {string.Join(", ", known)})"));
    }

    public YamlNode? Find(string name) => fields.GetValueOrDefault(name);

    /// <summary>Returns the text of a field; null when it is missing or not text.</summary>
    public string? Text(string name, bool required)
    {
        if (!fields.TryGetValue(name, out var node))
        {
            if (required)
                problems.Add(FileProblem.At(mapping.Start, $"'{name}' is required"));
            return null;
        }

        if (node is YamlScalar { IsNull: false, Text: { Length: > 0 } text })
            return text;
        problems.Add(FileProblem.At(node.Start, $"'{name}' must be text"));
        return null;
    }

    /// <summary>Returns the text of a field as a name, which must not contain control characters because it is printed.</summary>
    public string? Name(string name)
    {
        if (Text(name, required: true) is not { } text)
            return null;
        if (!ControlCharacters.AreIn(text))
            return text;
        problems.Add(FileProblem.At(fields[name].Start, $"'{name}' must be without control characters: '{ControlCharacters.Escape(text)}'"));
        return null;
    }

    /// <summary>Returns the texts of a field with their positions; a single text is a list of one.</summary>
    public IReadOnlyList<(string Text, Mark Mark)> Texts(string name, bool required = false)
    {
        if (!fields.TryGetValue(name, out var node))
        {
            if (required)
                problems.Add(FileProblem.At(mapping.Start, $"'{name}' is required"));
            return [];
        }

        IEnumerable<YamlNode> items = node is YamlList list ? list.Items : [node];
        List<(string, Mark)> texts = [];
        foreach (var item in items)
            if (item is YamlScalar { IsNull: false, Text: { Length: > 0 } text })
                texts.Add((text, item.Start));
            else
                problems.Add(FileProblem.At(item.Start, $"'{name}' must be a list of texts"));
        return texts;
    }

    /// <summary>Returns the boolean value of a field; false when it is missing or invalid.</summary>
    public bool Flag(string name)
    {
        if (!fields.TryGetValue(name, out var node))
            return false;
        if (node is YamlScalar { IsPlain: true, Text: "true" or "True" or "TRUE" })
            return true;
        if (node is not YamlScalar { IsPlain: true, Text: "false" or "False" or "FALSE" })
            problems.Add(FileProblem.At(node.Start, $"'{name}' must be true or false"));
        return false;
    }
}
