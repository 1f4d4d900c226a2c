namespace Osapi.Agent.Hosts.NameResolution;

/// <summary>
/// The text of a resolv.conf(5): what it says, and the same text saying something else. Everything that is not a server or a
/// search list stays as it is, in its place: comments, options, lines that nobody knows.
/// </summary>
internal sealed record ResolvConf(string Text)
{
    /// <summary>How many servers the resolver libraries read; they pass over the rest (MAXNS).</summary>
    public const int MaxServers = 3;

    /// <summary>The servers in order, as they are written.</summary>
    public IReadOnlyList<string> Servers => [.. Lines.Where(line => Keyword(line) == "nameserver").Select(line => Split(line).ElementAtOrDefault(1)).OfType<string>()];

    /// <summary>The search list: that of the last <c>search</c> or <c>domain</c> line.</summary>
    public IReadOnlyList<string> SearchDomains => Lines.LastOrDefault(IsSearch) is { } line
        ? [.. Split(line).Skip(1).Take(Keyword(line) == "domain" ? 1 : int.MaxValue).Where(domain => domain != ".")]
        : [];

    private IEnumerable<string> Lines => Text.Split('\n').Select(line => line.TrimEnd('\r'));

    /// <summary>The text with these servers; null leaves them.</summary>
    public ResolvConf With(IReadOnlyList<string>? servers, IReadOnlyList<string>? searchDomains)
    {
        var text = Text;
        if (searchDomains is not null && !searchDomains.SequenceEqual(SearchDomains))
            text = Replace(text, IsSearch, searchDomains.Count == 0 ? [] : ["search " + string.Join(' ', searchDomains)]);
        if (servers is not null && !servers.SequenceEqual(Servers))
            text = Replace(text, line => Keyword(line) == "nameserver", servers.Select(server => "nameserver " + server));
        return new(text);
    }

    // New lines stand where the first of the old ones stood; without one, at the end.
    private static string Replace(string text, Func<string, bool> isOld, IEnumerable<string> lines)
    {
        List<string> kept = [.. text.Split('\n')];
        var at = kept.FindIndex(line => isOld(line.TrimEnd('\r')));
        kept.RemoveAll(line => isOld(line.TrimEnd('\r')));
        // What stands behind the last line feed is no line, and is empty when the text ends as it should.
        if (at < 0)
            at = kept[^1].Length == 0 ? kept.Count - 1 : kept.Count;
        kept.InsertRange(Math.Min(at, kept.Count), lines);
        var whole = string.Join('\n', kept);
        return whole.Length == 0 || whole.EndsWith('\n') ? whole : whole + '\n';
    }

    private static bool IsSearch(string line) => Keyword(line) is "search" or "domain";

    // The keyword must begin the line, and a blank must follow it.
    private static string? Keyword(string line) => line.IndexOfAny([' ', '\t']) is > 0 and var blank ? line[..blank] : null;

    private static string[] Split(string line) => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
}
