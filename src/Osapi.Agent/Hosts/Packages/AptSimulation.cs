using System.Text.RegularExpressions;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Packages;

/// <summary>The changes that apt-get would make, by its own simulation.</summary>
internal sealed partial record AptSimulation
{
    /// <summary>The packages that would be installed or upgraded.</summary>
    public required IReadOnlyList<SimulatedStep> Installed { get; init; }

    /// <summary>The packages that would be removed, with or without their configuration files.</summary>
    public required IReadOnlyList<SimulatedStep> Removed { get; init; }

    /// <summary>The names of the packages that it keeps back.</summary>
    public required IReadOnlyList<string> KeptBack { get; init; }

    /// <summary>True when something would change.</summary>
    public bool HasChanges => Installed.Count + Removed.Count > 0;

    /// <summary>Simulates an action.</summary>
    /// <exception cref="OperationException">apt-get refuses it.</exception>
    public static async Task<AptSimulation> RunAsync(Host host, IReadOnlyList<string> action, CancellationToken cancellationToken)
    {
        var output = await host.ToolAsync("apt-get", AptCommand.Simulation(action), cancellationToken);
        if (output.ExitCode == ToolOutput.NotFoundExitCode)
            throw new OperationException(ErrorType.Unavailable, "there is no apt-get on this host: operations on packages need apt");
        return output.ExitCode == 0 ? Parse(output.Output) : throw AptErrors.Of($"{output.Output}\n{output.Error}", output.ExitCode);
    }

    /// <summary>Parses the output of <c>apt-get -s</c>.</summary>
    public static AptSimulation Parse(string output) => new()
    {
        Installed = [.. Install().Matches(output).Select(match => new SimulatedStep(match.Groups["name"].Value, match.Groups["arch"].Value, NullIfEmpty(match.Groups["old"].Value), match.Groups["new"].Value, match.Groups["origin"].Value))],
        Removed = [.. Remove().Matches(output).Select(match => new SimulatedStep(match.Groups["name"].Value, match.Groups["arch"].Value, NullIfEmpty(match.Groups["old"].Value), null, ""))],
        KeptBack = [.. (KeptBackList().Match(output) is { Success: true } list ? list.Groups[1].Value : "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)],
    };

    private static string? NullIfEmpty(string text) => text.Length > 0 ? text : null;

    // Inst NAME[:ARCH] [OLD] (NEW ORIGIN, ORIGIN [ARCH]) [...]
    [GeneratedRegex(@"^Inst (?<name>[^\s:]+)(?::\S+)?(?: \[(?<old>[^\]\n]*)\])? \((?<new>\S+) ?(?<origin>[^\[\n]*?) ?\[(?<arch>[^\]\n]+)\]\)", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Install();

    // Remv NAME[:ARCH] [OLD] [...]
    [GeneratedRegex(@"^(?:Remv|Purg) (?<name>[^\s:]+)(?::(?<arch>\S+))?(?: \[(?<old>[^\]\n]*)\])?", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Remove();

    [GeneratedRegex(@"^The following packages have been kept back:\n((?:  .*\n)+)", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex KeptBackList();
}

/// <summary>A package that a simulation changes.</summary>
/// <param name="Name">The name.</param>
/// <param name="Architecture">The architecture; empty when it is the host's own or <c>all</c>.</param>
/// <param name="From">The version before; null for a new package.</param>
/// <param name="To">The version after; null for a removed package.</param>
/// <param name="Origin">The origin of the new version.</param>
internal sealed record SimulatedStep(string Name, string Architecture, string? From, string? To, string Origin);
