using System.Globalization;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Operations.Packages;

namespace Osapi.Agent.Hosts.Packages;

/// <summary>The packages of a host, as dpkg knows them.</summary>
/// <param name="Packages">The packages, by name.</param>
/// <param name="Architecture">The host's own architecture.</param>
internal sealed record DpkgDatabase(IReadOnlyList<InstalledPackage> Packages, string Architecture)
{
    private const string Format = "${Package}\t${Architecture}\t${Version}\t${db:Status-Want}\t${db:Status-Status}\t${db:Status-Eflag}\t${Installed-Size}\t${binary:Summary}\n";

    private readonly Lazy<ILookup<string, InstalledPackage>> byName = new(() => Packages.ToLookup(package => package.Name, StringComparer.Ordinal));

    /// <summary>Reads it.</summary>
    /// <exception cref="OperationException">The host has no dpkg, or it failed.</exception>
    public static async Task<DpkgDatabase> ReadAsync(Host host, CancellationToken cancellationToken)
    {
        var architecture = await host.ToolAsync("dpkg", ["--print-architecture"], cancellationToken);
        if (architecture.ExitCode == ToolOutput.NotFoundExitCode)
            throw new OperationException(ErrorType.Unavailable, "there is no dpkg on this host: operations on packages need a Debian, an Ubuntu or another system with dpkg and apt");
        // Exit code 1 without any package.
        var output = await host.ToolAsync("dpkg-query", ["-W", "-f", Format], cancellationToken);
        return output.ExitCode is 0 or 1
            ? new([.. output.Output.Split('\n').Select(Parse).OfType<InstalledPackage>()], architecture.Output.Trim())
            : throw new OperationException(ErrorType.Failed, $"dpkg-query: {output.ErrorText}");
    }

    /// <summary>Finds a package: without an architecture, the one of the host's own; null when dpkg does not know it.</summary>
    public InstalledPackage? Find(PackageName name) =>
        byName.Value[name.Name].FirstOrDefault(package => package.Architecture == (name.Architecture ?? Architecture) || package.Architecture == "all");

    /// <summary>Gets the name of a package, with its architecture.</summary>
    public static PackageName NameOf(InstalledPackage package) => package.Architecture == "all" ? package.Name : $"{package.Name}:{package.Architecture}";

    /// <summary>Gets the differences of two states: packages whose files or whose configuration files came, went or changed.</summary>
    public IReadOnlyList<PackageChange> ChangesTo(DpkgDatabase after)
    {
        var before = Known();
        var now = after.Known();
        return
        [
            .. from key in before.Keys.Union(now.Keys)
               let change = (From: before.GetValueOrDefault(key), To: now.GetValueOrDefault(key))
               where (change.From?.Version, change.From?.Status) != (change.To?.Version, change.To?.Status)
               orderby key.Name, key.Architecture
               select new PackageChange { Name = key.Name, Architecture = key.Architecture, From = VersionOf(change.From), To = VersionOf(change.To) },
        ];
    }

    private static string? VersionOf(InstalledPackage? package) => package is { IsThere: true } ? package.Version : null;

    private Dictionary<(string Name, string Architecture), InstalledPackage> Known()
    {
        Dictionary<(string Name, string Architecture), InstalledPackage> known = [];
        foreach (var package in Packages.Where(package => package.Status is not null))
            known[(package.Name, package.Architecture)] = package;
        return known;
    }

    private static InstalledPackage? Parse(string line) => line.Split('\t', 8) is [var name, var architecture, var version, var want, var status, var flag, var size, var summary]
        ? new()
        {
            Name = name,
            Architecture = architecture,
            Version = version,
            Status = SnakeCaseName.All(typeof(PackageStatus)).Contains(status.Replace('-', '_')) ? SnakeCaseName.Parse<PackageStatus>(status.Replace('-', '_')) : null,
            Held = want == "hold",
            NeedsReinstall = flag == "reinstreq",
            Size = long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var kibibytes) ? kibibytes * 1024 : 0,
            Summary = summary,
        }
        : null;
}
