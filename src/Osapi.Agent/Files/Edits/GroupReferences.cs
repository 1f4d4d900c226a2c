using System.Text;
using System.Text.RegularExpressions;

namespace Osapi.Agent.Files.Edits;

/// <summary>Replaces references to the groups of a match in a text: <c>\1</c> to <c>\9</c>, <c>\g&lt;NAME&gt;</c>, and <c>\\</c> for a backslash.</summary>
internal static class GroupReferences
{
    /// <summary>Expands the references. One to a group that does not exist stays as it is.</summary>
    public static string Expand(string text, Match match)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
            return text;
        StringBuilder expanded = new(text.Length);
        for (var at = 0; at < text.Length; at++)
            if (text[at] != '\\' || at + 1 == text.Length)
            {
                expanded.Append(text[at]);
            }
            else if (text[at + 1] == '\\')
            {
                expanded.Append('\\');
                at++;
            }
            else if (Reference(text, at + 1) is var (name, length) && match.Groups[name] is { } group && match.Groups.ContainsKey(name))
            {
                expanded.Append(group.ValueSpan);
                at += length;
            }
            else
            {
                expanded.Append('\\');
            }

        return expanded.ToString();
    }

    private static (string Name, int Length)? Reference(string text, int at)
    {
        if (text[at] is >= '1' and <= '9')
            return (text[at].ToString(), 1);
        if (text[at] == 'g' && at + 1 < text.Length && text[at + 1] == '<' && text.IndexOf('>', at) is > 0 and var end)
            return (text[(at + 2)..end], end - at + 1);
        return null;
    }
}
