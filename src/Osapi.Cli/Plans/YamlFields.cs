using Osapi.Operations;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Osapi.Cli.Plans;

/// <summary>The fields of a mapping. An unknown one, or one of the wrong kind, becomes a problem.</summary>
internal sealed class YamlFields
{
    private readonly Dictionary<string, YamlNode> fields = [];
    private readonly YamlMappingNode mapping;
    private readonly List<PlanProblem> problems;

    public YamlFields(YamlMappingNode mapping, IReadOnlyList<string> known, List<PlanProblem> problems)
    {
        this.mapping = mapping;
        this.problems = problems;
        foreach (var (key, value) in mapping.Children)
            if (key is YamlScalarNode { Value: { } name } && known.Contains(name))
                fields[name] = value;
            else
                problems.Add(At(key.Start, $"'{(key as YamlScalarNode)?.Value}' is unknown{NearName.Hint((key as YamlScalarNode)?.Value ?? "", known)} (known: {string.Join(", ", known)})"));
    }

    public YamlNode? Find(string name) => fields.GetValueOrDefault(name);

    /// <summary>A field's text; null when it is missing or no text.</summary>
    public string? Text(string name, bool required)
    {
        if (!fields.TryGetValue(name, out var node))
        {
            if (required)
                problems.Add(At(mapping.Start, $"'{name}' is required"));
            return null;
        }

        if (node is YamlScalarNode { Value: { Length: > 0 } text })
            return text;
        problems.Add(At(node.Start, $"'{name}' must be text"));
        return null;
    }

    /// <summary>A field's list of texts, with the place of each; a single text is a list of one.</summary>
    public IReadOnlyList<(string Text, Mark Mark)> Texts(string name)
    {
        if (!fields.TryGetValue(name, out var node))
            return [];
        IEnumerable<YamlNode> items = node is YamlSequenceNode list ? list.Children : [node];
        List<(string, Mark)> texts = [];
        foreach (var item in items)
            if (item is YamlScalarNode { Value: { Length: > 0 } text })
                texts.Add((text, item.Start));
            else
                problems.Add(At(item.Start, $"'{name}' must be a list of texts"));
        return texts;
    }

    private static PlanProblem At(Mark mark, string message) => new(mark.Line, mark.Column, message);
}
