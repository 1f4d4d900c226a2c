using Osapi.Operations.Json;

namespace Osapi.Operations.Network;

/// <summary>Sets the DNS servers and search domains of a network interface, in the given order. At least one of the two is required.</summary>
/// <remarks>
/// With systemd-resolved the change takes effect at once; where systemd-networkd manages the interface, also for netplan, it also
/// persists across restarts. On any other host it is written to /etc/resolv.conf, for all interfaces.
/// </remarks>
public sealed record UpdateDns : IValidatable
{
    /// <summary>The name of the interface.</summary>
    public required InterfaceName InterfaceName { get; init; }

    /// <summary>The DNS servers, 1 to 16, in the order in which they are asked; unchanged when not given.</summary>
    [Length(1, 16)]
    public IReadOnlyList<DnsServer>? Servers { get; init; }

    /// <summary>The search domains, at most 32; an empty list removes the current ones; unchanged when not given.</summary>
    [Length(0, 32)]
    public IReadOnlyList<SearchDomain>? SearchDomains { get; init; }

    IEnumerable<Problem> IValidatable.Validate()
    {
        if (Servers is null && SearchDomains is null)
            yield return new("", "servers or search_domains is required");
        foreach (var problem in Duplicates("servers", Servers ?? []).Concat(Duplicates("search_domains", SearchDomains ?? [])))
            yield return problem;
    }

    private static IEnumerable<Problem> Duplicates<T>(string member, IEnumerable<T> items) =>
        items.Select(item => item!.ToString()!).GroupBy(text => text.TrimEnd('.'), StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1)
            .Select(group => new Problem(member, $"must not name {group.Key} twice"));
}

public static partial class NetworkOperations
{
    /// <inheritdoc cref="Osapi.Operations.Network.UpdateDns"/>
    public static Operation<UpdateDns, DnsUpdateResult> UpdateDns { get; } = new("network.dns.update", Idempotency.Idempotent)
    {
        Route = HttpRoute.Put("/node/{hostname}/network/dns"),
        Permission = Permissions.NetworkWrite,
        Rights = "root: the settings of systemd-resolved, or `/etc/resolv.conf`",
        Request = NetworkJson.Requests.UpdateDns,
        Result = NetworkJson.Results.DnsUpdateResult,
        Example = static () => (
            new() { InterfaceName = "eth0", Servers = ["192.0.2.53", "2001:db8::53"], SearchDomains = ["example.com"] },
            new()
            {
                Changed = true,
                Servers = ["192.0.2.53", "2001:db8::53"],
                SearchDomains = ["example.com"],
                Backend = DnsBackend.SystemdNetworkd,
                Persistent = true,
            }),
    };
}

public sealed partial class NetworkClient
{
    /// <inheritdoc cref="Osapi.Operations.Network.UpdateDns"/>
    public Task<JobReply<DnsUpdateResult>> UpdateDnsAsync(Target target, UpdateDns request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(NetworkOperations.UpdateDns, request, target, options, cancellationToken);
}
