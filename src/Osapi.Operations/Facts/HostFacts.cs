using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations.Json;
using Osapi.Operations.Node;

namespace Osapi.Operations.Facts;

/// <summary>
/// The facts of a host as its agent found them; a fact that could not be determined is null. A request can refer to each single value
/// by its dotted name, <c>@fact.cpu_count</c>, and a template by <c>facts.cpu_count</c>.
/// </summary>
public sealed record HostFacts
{
    /// <summary>The agent's name.</summary>
    public string Hostname { get => field ?? ""; init; }

    /// <summary>The kernel's node name (<c>uname -n</c>).</summary>
    public string? OsHostname { get; init; }

    /// <summary>The canonical name that the host's resolver returns for its own name (getaddrinfo(3)); the kernel's node name when it returns none.</summary>
    public string? Fqdn { get; init; }

    /// <summary>The distribution.</summary>
    public OsInfo? OsInfo { get; init; }

    /// <summary>The kernel release (<c>uname -r</c>).</summary>
    public string? KernelVersion { get; init; }

    /// <summary>The processor architecture as in <c>uname -m</c>: <c>x86_64</c>, <c>aarch64</c>.</summary>
    public string? Architecture { get; init; }

    /// <summary>The number of online processors.</summary>
    public int? CpuCount { get; init; }

    /// <summary>The total memory in bytes.</summary>
    public long? MemoryTotal { get; init; }

    /// <summary>The interface of the default route, IPv4 before IPv6, lowest metric first; null without a default route.</summary>
    public string? PrimaryInterface { get; init; }

    /// <summary>The service manager: <c>systemd</c>, <c>openrc</c>, <c>runit</c>, <c>s6</c>, <c>sysvinit</c>, or <c>unknown</c>.</summary>
    public string? ServiceMgr { get; init; }

    /// <summary>The package manager: <c>apt</c>, <c>dnf</c>, <c>yum</c>, <c>zypper</c>, <c>pacman</c>, <c>apk</c>, or <c>unknown</c>.</summary>
    public string? PackageMgr { get; init; }

    /// <summary>
    /// The type of container that the agent runs in, such as <c>docker</c>, <c>podman</c>, <c>lxc</c>, <c>systemd-nspawn</c>;
    /// <c>none</c> outside of a container.
    /// </summary>
    public string? Container { get; init; }

    /// <summary>The interfaces that are up, without the loopback.</summary>
    public IReadOnlyList<FactInterface> Interfaces { get => field ?? []; init; }

    /// <summary>The routes of the main tables, without those of the loopback.</summary>
    public IReadOnlyList<FactRoute> Routes { get => field ?? []; init; }

    /// <summary>The custom facts from the agent's configuration; a request refers to one as <c>@fact.custom.NAME</c>.</summary>
    public IReadOnlyDictionary<string, string> Facts { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>The JSON form.</summary>
    internal static JsonTypeInfo<HostFacts> Json => FactsJson.Facts.HostFacts;
}

/// <summary>A network interface.</summary>
public sealed record FactInterface
{
    /// <summary>The name of the interface.</summary>
    public required string Name { get; init; }

    /// <summary>The address family: <c>inet</c>, <c>inet6</c>, or <c>dual</c> with addresses of both; null without addresses.</summary>
    public string? Family { get; init; }

    /// <summary>The first IPv4 address.</summary>
    public string? Ipv4 { get; init; }

    /// <summary>The first IPv6 address, preferably one that is not link-local.</summary>
    public string? Ipv6 { get; init; }

    /// <summary>The hardware address, <c>02:00:00:00:00:01</c>; null for an interface without one.</summary>
    public string? Mac { get; init; }

    /// <summary>All addresses.</summary>
    public IReadOnlyList<FactAddress> Addresses { get => field ?? []; init; }
}

/// <summary>An address of an interface.</summary>
/// <param name="Address">The address, without a zone id.</param>
/// <param name="Prefix">The prefix length of the network in bits.</param>
/// <param name="Family">The address family: <c>inet</c> or <c>inet6</c>.</param>
public sealed record FactAddress(string Address, int Prefix, string Family);

/// <summary>A route.</summary>
/// <param name="Destination">The destination network.</param>
/// <param name="Mask">The prefix length of the destination, such as <c>/24</c>.</param>
/// <param name="Gateway">The next hop; the unspecified address when there is none.</param>
/// <param name="Interface">The outgoing interface.</param>
/// <param name="Metric">The metric; the lowest is preferred.</param>
/// <param name="Flags">The kernel's flags in hexadecimal (<c>RTF_*</c>).</param>
/// <param name="Family">The address family: <c>inet</c> or <c>inet6</c>.</param>
public sealed record FactRoute(string Destination, string Mask, string Gateway, string Interface, long Metric, string Flags, string Family);

[JsonSerializable(typeof(HostFacts))]
internal sealed partial class FactsJson : JsonSerializerContext
{
    public static FactsJson Facts { get; } = new(JsonConventions.Lenient);
}
