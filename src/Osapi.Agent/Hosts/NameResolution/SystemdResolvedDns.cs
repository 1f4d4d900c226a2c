using System.Text;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Network;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;
using Osapi.Operations.Network;

namespace Osapi.Agent.Hosts.NameResolution;

/// <summary>The DNS settings in systemd-resolved.</summary>
/// <remarks>
/// They are read over the bus, whose types are stable across versions, unlike the printed form, and set with
/// resolvectl(1), which forwards to systemd-networkd for an interface that it manages.
/// </remarks>
internal static class SystemdResolvedDns
{
    // systemd-networkd passes settings through a file that systemd-resolved watches.
    private static readonly TimeSpan ApplyTimeout = TimeSpan.FromSeconds(5), PollInterval = TimeSpan.FromMilliseconds(50);

    public static async Task<DnsSettings> ReadAsync(Host host, InterfaceName name, CancellationToken cancellationToken)
    {
        var path = "/org/freedesktop/resolve1/link/" + Label(host.IndexOf(name));
        return ResolvedLink.Parse(await host.ToolMustAsync("busctl",
            ["--system", "--json=short", "get-property", "org.freedesktop.resolve1", path, "org.freedesktop.resolve1.Link", "DNS", "Domains"], cancellationToken));
    }

    public static async Task<DnsPlan> PlanAsync(Host host, UpdateDns request, bool networkd, CancellationToken cancellationToken)
    {
        var name = request.InterfaceName;
        var (unit, note) = networkd ? NetworkdUnit.Find(host, name) : (null, null);
        var before = await ReadAsync(host, name, cancellationToken);
        var after = before.With(request);
        Refuse(after);

        List<DnsPlan.Step> steps = [];
        if (unit is not null)
        {
            host.RequireAllowed(unit.DropIn);
            var dropIn = NetworkdDropIn.Parse(host.ReadExactly(unit.DropIn) ?? "");
            var written = dropIn with
            {
                Servers = request.Servers is null ? dropIn.Servers : after.Servers,
                Domains = request.SearchDomains is null ? dropIn.Domains : after.SearchDomains,
            };
            before = before with { Persistent = dropIn.Equals(written) };
            after = after with { Persistent = true };
            if (!before.Persistent)
                steps.Add(stop => host.WriteDropInAsync(unit, written, stop));
        }

        if (!before.SameServers(after))
            steps.Add(stop => SetAsync(host, "dns", name, after.Servers, stop));
        if (!before.SameDomains(after))
            steps.Add(stop => SetAsync(host, "domain", name, after.SearchDomains, stop));
        if (!before.SameServers(after) || !before.SameDomains(after))
            steps.Add(stop => AwaitAsync(host, name, after, stop));
        return new()
        {
            Backend = unit is null ? DnsBackend.SystemdResolved : DnsBackend.SystemdNetworkd,
            Before = before,
            After = after,
            Notes = [.. new[] { note ?? (unit is null ? "the settings last until the interface or the host restarts" : null) }.OfType<string>()],
            Steps = steps,
        };
    }

    // A zone that is still left names another interface, whose link would have to get the server.
    private static void Refuse(DnsSettings after)
    {
        if (after.Servers.FirstOrDefault(server => server.Contains('%', StringComparison.Ordinal)) is { } foreign)
            throw new OperationException(ErrorType.Invalid, $"servers: {foreign} belongs to a different interface than interface_name");
    }

    /// <summary>
    /// Gets the last part of a link's path on the bus (sd_bus_path_encode(3)): a leading digit is written as its code.
    /// </summary>
    internal static string Label(int index)
    {
        var digits = index.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return $"_{(int)digits[0]:x2}{digits[1..]}";
    }

    // An empty argument clears the list.
    private static async Task<string?> SetAsync(Host host, string verb, InterfaceName name, IReadOnlyList<string> values, CancellationToken cancellationToken)
    {
        await host.ToolMustAsync("resolvectl", [verb, name.Value, .. values.Count > 0 ? values : [""]], cancellationToken);
        return null;
    }

    private static async Task<string?> AwaitAsync(Host host, InterfaceName name, DnsSettings wanted, CancellationToken cancellationToken)
    {
        var begin = host.Time.GetTimestamp();
        while (true)
        {
            var now = await ReadAsync(host, name, cancellationToken);
            if (now.SameServers(wanted) && now.SameDomains(wanted))
                return null;
            if (host.Time.GetElapsedTime(begin) > ApplyTimeout)
                throw new OperationException(ErrorType.Failed, new StringBuilder($"systemd-resolved did not apply the settings of {name}: it has servers ")
                    .AppendJoin(' ', now.Servers).Append(" and domains ").AppendJoin(' ', now.SearchDomains).ToString());
            await Task.Delay(PollInterval, host.Time, cancellationToken);
        }
    }
}
