namespace Osapi.Plans.Yaml;

/// <summary>Members that begin with <c>x-</c>: a place for anchors, which the reader ignores.</summary>
internal static class ExtensionMembers
{
    public static YamlMapping Without(YamlMapping mapping) =>
        new(mapping.Start, [.. mapping.Members.Where(member => !member.Key.Text.StartsWith("x-", StringComparison.Ordinal))]);
}
