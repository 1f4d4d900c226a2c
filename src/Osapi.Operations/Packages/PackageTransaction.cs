using Osapi.Operations.Json;

namespace Osapi.Operations.Packages;

/// <summary>The members that all operations share which run a transaction of the package system.</summary>
public abstract record PackageTransaction
{
    private protected PackageTransaction()
    {
    }

    /// <summary>The choice for configuration files that both the host and the package changed: keep or replace; default: keep.</summary>
    public ConfigFilePolicy? Conffiles { get; init; }

    /// <summary>True to finish an interrupted transaction first, with <c>dpkg --configure -a</c>; default: false, which makes it a conflict.</summary>
    public bool? Repair { get; init; }

    /// <summary>The seconds to wait for another program that has the package system locked, 0 to 600; default: 60.</summary>
    [Range(0, 600)]
    public int? LockTimeout { get; init; }

    private protected static TimeSpan Limit(int? timeout, int otherwise) => TimeSpan.FromSeconds(timeout ?? otherwise);

    private protected static IEnumerable<Problem> Duplicates(string member, IEnumerable<string> names) =>
        names.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => new Problem(member, $"must not name {group.Key} twice"));
}
