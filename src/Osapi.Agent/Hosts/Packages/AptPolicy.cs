using System.Text.RegularExpressions;

namespace Osapi.Agent.Hosts.Packages;

/// <summary>The versions of a package that the index has (<c>apt-cache policy</c>).</summary>
/// <param name="Versions">The versions, newest first; none of a virtual package.</param>
internal sealed partial record AptPolicy(IReadOnlyList<string> Versions)
{
    /// <summary>Reads the versions of packages. A name that apt does not know is left out.</summary>
    public static async Task<IReadOnlyDictionary<string, AptPolicy>> ReadAsync(Host host, IReadOnlyCollection<string> names, CancellationToken cancellationToken) =>
        names.Count == 0 ? new Dictionary<string, AptPolicy>() : Parse(await host.ToolMustAsync("apt-cache", ["policy", "--", .. names], cancellationToken));

    /// <summary>Parses the output of <c>apt-cache policy</c>.</summary>
    public static IReadOnlyDictionary<string, AptPolicy> Parse(string output)
    {
        Dictionary<string, AptPolicy> policies = [];
        List<string> versions = [];
        foreach (var line in output.Split('\n'))
            if (line.Length > 0 && line[0] != ' ' && line.EndsWith(':'))
                policies[line[..^1]] = new(versions = []);
            else if (Version().Match(line) is { Success: true } match)
                versions.Add(match.Groups[1].Value);
        return policies;
    }

    // " *** 1.0 500" and "     1.0 500"; the lines below each have the sources, indented by eight or more.
    [GeneratedRegex(@"^ (?:\*\*\*|   ) (\S+) -?\d+\s*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Version();
}
