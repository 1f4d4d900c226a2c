using System.Text.RegularExpressions;

namespace Osapi.Docs.Tests;

/// <summary>Tests that the targets of links exist.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Pages => [.. Page.All.Select(page => page.Path)];

    [Theory, MemberData(nameof(Pages))]
    public void Every_link_into_the_repository_leads_somewhere(string path)
    {
        Page page = new(path);
        var here = Path.GetDirectoryName(page.FullPath)!;

        List<string> dead = [];
        foreach (Match link in Link.Matches(string.Join('\n', page.Lines)))
        {
            var (file, anchor) = Split(link.Groups[1].Value);
            if (file.Contains("://", StringComparison.Ordinal))
                continue;
            var target = file.Length == 0 ? page.FullPath : Path.GetFullPath(Path.Combine(here, file));
            if (!Path.Exists(target) || (anchor is not null && File.Exists(target) && !Anchors(target).Contains(anchor)))
                dead.Add(link.Groups[1].Value);
        }

        Assert.Empty(dead);
    }

    private static (string File, string? Anchor) Split(string link) =>
        link.IndexOf('#', StringComparison.Ordinal) is >= 0 and var at ? (link[..at], link[(at + 1)..]) : (link, null);

    // Like the usual renderers: lower case, words joined by hyphens, other characters removed.
    private static HashSet<string> Anchors(string file) =>
    [
        .. File.ReadLines(file).Where(line => line.StartsWith('#'))
            .Select(line => NotInAnchors.Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-')),
    ];

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link { get; }

    [GeneratedRegex(@"[^\p{L}\p{Nd} _-]")]
    private static partial Regex NotInAnchors { get; }
}
