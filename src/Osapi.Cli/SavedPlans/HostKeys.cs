using Osapi.Client;
using Osapi.Plans.Saved;

namespace Osapi.Cli.SavedPlans;

/// <summary>The keys of the hosts of a saved plan.</summary>
internal static class HostKeys
{
    /// <summary>Returns the fingerprint of each host that a print names; null for one without a key.</summary>
    public static async Task<IReadOnlyDictionary<string, string?>> ReadAsync(OsapiClient client, IReadOnlyList<StatePrint> prints, CancellationToken cancellationToken)
    {
        var agents = (await client.Agent.ListAsync(cancellationToken: cancellationToken)).Agents.DistinctBy(agent => agent.Hostname).ToDictionary(agent => agent.Hostname, StringComparer.OrdinalIgnoreCase);
        SortedDictionary<string, string?> keys = new(StringComparer.Ordinal);
        foreach (var host in prints.Select(print => print.Host).OfType<string>())
            keys[host] = agents.GetValueOrDefault(host)?.Fingerprint;
        return keys;
    }

    /// <summary>Returns the hosts whose key is another one. Hosts that are missing or new are told by the prints.</summary>
    public static IEnumerable<string> Differences(IReadOnlyDictionary<string, string?> shown, IReadOnlyDictionary<string, string?> found) =>
        from host in shown
        where found.TryGetValue(host.Key, out var key) && key != host.Value
        select $"{host.Key}: its key is {found[host.Key] ?? "none"}, and was {host.Value ?? "none"}";
}
