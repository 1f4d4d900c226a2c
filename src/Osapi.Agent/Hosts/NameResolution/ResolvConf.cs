namespace Osapi.Agent.Hosts.NameResolution;

/// <summary>
/// The text of a resolv.conf(5). Changes to servers and search list keep everything else in its place: comments,
/// options, unknown lines.
/// </summary>
internal sealed record ResolvConf(string Text)
{
    /// <summary>The number of servers that resolver libraries read; they ignore the rest (MAXNS).</summary>
    public const int MaxServers = 3;

    /// <summary>The servers in order, as written.</summary>
    public IReadOnlyList<string> Servers => [.. Lines.Where(line => Keyword(line) == "nameserver").Select(line => Split(line).ElementAtOrDefault(1)).OfType<string>()];

    /// <summary>The search list: that of the last <c>search</c> or <c>domain</c> line.</summary>
    public IReadOnlyList<string> SearchDomains => Lines.LastOrDefault(IsSearch) is { } line
        ? [.. Split(line).Skip(1).Take(Keyword(line) == "domain" ? 1 : int.MaxValue).Where(domain => domain != ".")]
        : [];

    private IEnumerable<string> Lines => Text.Split('\n').Select(line => line.TrimEnd('\r'));

    /// <summary>Replaces the servers and the search list; null keeps them.</summary>
    public ResolvConf With(IReadOnlyList<string>? servers, IReadOnlyList<string>? searchDomains)
    {
        var text = Text;
        if (searchDomains is not null && !searchDomains.SequenceEqual(SearchDomains))
            text = Replace(text, IsSearch, searchDomains.Count == 0 ? [] : ["search " + string.Join(' ', searchDomains)]);
        if (servers is not null && !servers.SequenceEqual(Servers))
            text = Replace(text, line => Keyword(line) == "nameserver", servers.Select(server => "nameserver " + server));
        return new(text);
    }

    // New lines go where the first of the old ones was; without one, to the end.
    private static string Replace(string text, Func<string, bool> isOld, IEnumerable<string> lines)
    {
        List<string> kept = [.. text.Split('\n')];
        var at = kept.FindIndex(line => isOld(line.TrimEnd('\r')));
        kept.RemoveAll(line => isOld(line.TrimEnd('\r')));
        // The text after the last line feed is not a line, and is empty when the text ends properly.
        if (at < 0)
            at = kept[^1].Length == 0 ? kept.Count - 1 : kept.Count;
        kept.InsertRange(Math.Min(at, kept.Count), lines);
        var whole = string.Join('\n', kept);
        return whole.Length == 0 || whole.EndsWith('\n') ? whole : whole + '\n';
    }

    private static bool IsSearch(string line) => Keyword(line) is "search" or "domain";

    // The keyword must start the line and be followed by a blank.
    private static string? Keyword(string line) => line.IndexOfAny([' ', '\t']) is > 0 and var blank ? line[..blank] : null;

    private static string[] Split(string line) => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
}
