namespace Osapi.Plans.Yaml;

/// <summary>
/// Merge keys, <c>&lt;&lt;: *defaults</c>: the members of another mapping, or of several, of which the first counts. The mapping's own
/// members win.
/// </summary>
internal sealed class MergeKeys(List<FileProblem> problems)
{
    private const string Key = "<<";

    // Aliases share their nodes, so that a small file may have very many.
    private readonly Dictionary<YamlNode, YamlNode> merged = new(ReferenceEqualityComparer.Instance);

    /// <summary>Returns the node with all merge keys in it applied.</summary>
    public YamlNode Apply(YamlNode node)
    {
        if (node is YamlScalar)
            return node;
        if (!merged.TryGetValue(node, out var known))
            merged.Add(node, known = node is YamlMapping mapping ? Mapping(mapping) : List((YamlList)node));
        return known;
    }

    private YamlList List(YamlList list) => new(list.Start, [.. list.Items.Select(Apply)]);

    private YamlMapping Mapping(YamlMapping mapping)
    {
        List<(YamlScalar Key, YamlNode Value)> members = [];
        List<YamlMapping> sources = [];
        foreach (var (key, value) in mapping.Members)
            if (key is { IsPlain: true, Text: Key })
                sources.AddRange(Sources(value));
            else
                members.Add((key, Apply(value)));
        var names = members.Select(member => member.Key.Text).ToHashSet();
        foreach (var source in sources)
            members.AddRange(source.Members.Where(member => names.Add(member.Key.Text)));
        return new(mapping.Start, members);
    }

    private IEnumerable<YamlMapping> Sources(YamlNode value)
    {
        foreach (var item in value is YamlList list ? list.Items : [value])
            if (Apply(item) is YamlMapping mapping)
                yield return mapping;
            else
                problems.Add(FileProblem.At(item.Start, "'<<' takes a mapping, or a list of mappings, such as <<: *defaults"));
    }
}
