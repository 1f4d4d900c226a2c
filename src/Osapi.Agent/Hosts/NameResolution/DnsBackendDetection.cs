namespace Osapi.Agent.Hosts.NameResolution;

/// <summary>The running network services of systemd.</summary>
/// <param name="Resolved">True when systemd-resolved runs.</param>
/// <param name="Networkd">True when systemd-networkd runs.</param>
internal readonly record struct DnsBackendDetection(bool Resolved, bool Networkd)
{
    public static async Task<DnsBackendDetection> FindAsync(Host host, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(host.FullPath("/run/systemd/system")))
            return default;
        // Their directories in /run outlive them, and a call on the bus would start them.
        var states = (await host.ToolAsync("systemctl", ["is-active", "systemd-resolved.service", "systemd-networkd.service"], cancellationToken)).Output.Split('\n');
        return new(states is ["active", ..], states is [_, "active", ..]);
    }
}
