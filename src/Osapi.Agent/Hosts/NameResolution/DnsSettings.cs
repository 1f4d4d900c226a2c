using System.Text.Json;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;
using Osapi.Operations.Network;

namespace Osapi.Agent.Hosts.NameResolution;

/// <summary>The DNS settings of an interface, in order of precedence.</summary>
/// <param name="Servers">The servers' addresses.</param>
/// <param name="SearchDomains">The search domains, then the routing domains with their <c>~</c>.</param>
/// <param name="Persistent">True when they survive a restart.</param>
internal sealed record DnsSettings(IReadOnlyList<string> Servers, IReadOnlyList<string> SearchDomains, bool Persistent)
{
    /// <summary>Applies the values of a request to these settings.</summary>
    public DnsSettings With(UpdateDns request) => this with
    {
        Servers = request.Servers?.Select(server => Ipv6Zone.Without(server.Value, request.InterfaceName)).ToList() ?? Servers,
        // systemd stores the two kinds separately, so an order between them would be lost.
        SearchDomains = request.SearchDomains?.Select(domain => domain.Value).OrderBy(domain => domain[0] == '~').ToList() ?? SearchDomains,
    };

    public bool SameServers(DnsSettings other) =>
        Servers.Count == other.Servers.Count && Servers.Zip(other.Servers).All(pair => Ipv6Zone.AreSame(pair.First, pair.Second));

    // A trailing dot marks a fully qualified name, which a search domain always is.
    public bool SameDomains(DnsSettings other) =>
        SearchDomains.Select(domain => domain.TrimEnd('.')).SequenceEqual(other.SearchDomains.Select(domain => domain.TrimEnd('.')), StringComparer.OrdinalIgnoreCase);

    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, DnsSettingsJson.Settings.DnsSettings);
}

[JsonSerializable(typeof(DnsSettings))]
internal sealed partial class DnsSettingsJson : JsonSerializerContext
{
    public static DnsSettingsJson Settings { get; } = new(JsonConventions.Lenient);
}
