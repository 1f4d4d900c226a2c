using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Packages;
using Osapi.Operations;
using Osapi.Operations.Packages;

namespace Osapi.Agent.Packages;

/// <summary>Chooses the arguments of <c>apt-get install</c> for the packages of a request.</summary>
/// <remarks>apt takes a name that it does not know for a pattern, or its last character for a request to remove: so each name is looked up first.</remarks>
/// <param name="host">The host.</param>
/// <param name="database">Its packages.</param>
internal sealed class PackageChoice(Host host, DpkgDatabase database)
{
    private const int MaxNamed = 5;

    /// <summary>Chooses the arguments. A virtual package that an installed one provides needs none, and gives a note.</summary>
    /// <exception cref="OperationException">The index has no such package or version.</exception>
    public async Task<(IReadOnlyList<string> Arguments, IReadOnlyList<string> Notes)> ChooseAsync(IReadOnlyCollection<PackageSelector> wanted, CancellationToken cancellationToken)
    {
        var policies = await AptPolicy.ReadAsync(host, [.. wanted.Select(name => name.Package.Value)], cancellationToken);
        List<string> arguments = [], notes = [], problems = [];
        ILookup<string, string>? provided = null;
        foreach (var name in wanted)
        {
            var known = policies.GetValueOrDefault(name.Package.Value) ?? policies.GetValueOrDefault(name.Package.Name);
            if (known is { Versions.Count: > 0 })
            {
                if (ArgumentOf(name, known) is { } argument)
                    arguments.Add(argument);
                else
                    problems.Add($"the index has no version {name.Version} of {name.Package}, but {string.Join(", ", known.Versions.Take(MaxNamed))}");
                continue;
            }

            provided ??= await ReadProvidedAsync(cancellationToken);
            if (name.Version is null && provided[name.Package.Name].FirstOrDefault() is { } provider)
                notes.Add($"{name.Package} is provided by {provider}");
            else if (known is not null && name.Version is null && await ReadProvidersAsync(name.Package, cancellationToken) is { Count: > 0 } providers)
            {
                if (providers.Count > 1)
                    throw new OperationException(ErrorType.Conflict, $"several packages provide {name.Package}: {string.Join(", ", providers.Take(MaxNamed))}; name the one to install");
                arguments.Add(providers[0]);
                notes.Add($"{name.Package} is provided by {providers[0]}");
            }
            else
                problems.Add($"there is no package {name.Package} in the index of this host");
        }

        return problems.Count == 0 ? (arguments, notes) : throw new OperationException(ErrorType.NotFound, string.Join("; ", problems));
    }

    private static string? ArgumentOf(PackageSelector name, AptPolicy known) => name.Version is null
        ? name.Value
        : known.Versions.FirstOrDefault(name.Allows) is { } version ? $"{name.Package}={version}" : null;

    // The names of the packages in the index that provide it. Their lines follow the headline: NAME VERSION (= ).
    private async Task<IReadOnlyList<string>> ReadProvidersAsync(PackageName name, CancellationToken cancellationToken) =>
        (await host.ToolMustAsync("apt-cache", ["showpkg", "--", name.Value], cancellationToken)).Split("Reverse Provides:") is [_, var providers]
            ? [.. providers.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim().Split(' ')[0]).Where(provider => provider.Length > 0).Distinct(StringComparer.Ordinal)]
            : [];

    // The names that installed packages provide.
    private async Task<ILookup<string, string>> ReadProvidedAsync(CancellationToken cancellationToken)
    {
        var installed = database.Packages.Where(package => package.IsInstalled).Select(package => package.Name).ToHashSet(StringComparer.Ordinal);
        var output = await host.ToolAsync("dpkg-query", ["-W", "-f", "${Package}\t${Provides}\n"], cancellationToken);
        return output.Output.Split('\n').Select(line => line.Split('\t')).Where(parts => parts is [var name, _] && installed.Contains(name))
            .SelectMany(parts => parts[1].Split(',').Select(virtualName => (Name: virtualName.Trim().Split(' ', ':')[0], Provider: parts[0])))
            .ToLookup(pair => pair.Name, pair => pair.Provider, StringComparer.Ordinal);
    }
}
