using Osapi.Plans.Yaml;

namespace Osapi.Plans.Formatting;

/// <summary>Compares the meaning of two files.</summary>
internal static class NodeComparison
{
    public static bool AreEqual(YamlNode one, YamlNode other) => (one, other) switch
    {
        (YamlScalar a, YamlScalar b) => a.Text == b.Text && a.IsPlain == b.IsPlain && a.IsTyped == b.IsTyped,
        (YamlList a, YamlList b) => a.Items.Count == b.Items.Count && a.Items.Zip(b.Items).All(pair => AreEqual(pair.First, pair.Second)),
        (YamlMapping a, YamlMapping b) => a.Members.Count == b.Members.Count
            && a.Members.Zip(b.Members).All(pair => AreEqual(pair.First.Key, pair.Second.Key) && AreEqual(pair.First.Value, pair.Second.Value)),
        _ => false,
    };
}
