namespace Osapi.Operations.Network;

/// <summary>Returns the DNS servers and search domains of a network interface.</summary>
/// <remarks>On a host without systemd-resolved they are the same for every interface: the settings in /etc/resolv.conf.</remarks>
public sealed record GetDns
{
    /// <summary>The name of the interface.</summary>
    public required InterfaceName InterfaceName { get; init; }
}

public static partial class NetworkOperations
{
    /// <inheritdoc cref="Osapi.Operations.Network.GetDns"/>
    public static Operation<GetDns, DnsConfig> GetDns { get; } = new("network.dns.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/node/{hostname}/network/dns/{interface_name}"),
        Permission = Permissions.NetworkRead,
        Request = NetworkJson.Requests.GetDns,
        Result = NetworkJson.Results.DnsConfig,
        Example = static () => (
            new() { InterfaceName = "eth0" },
            new() { Servers = ["192.0.2.53", "2001:db8::53"], SearchDomains = ["example.com"], Backend = DnsBackend.SystemdResolved }),
    };
}

public sealed partial class NetworkClient
{
    /// <inheritdoc cref="Osapi.Operations.Network.GetDns"/>
    public Task<JobReply<DnsConfig>> GetDnsAsync(Target target, InterfaceName interfaceName, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(NetworkOperations.GetDns, new() { InterfaceName = interfaceName }, target, options, cancellationToken);
}
