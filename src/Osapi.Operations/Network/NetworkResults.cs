using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Network;

/// <summary>What holds the DNS settings of a host.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<DnsBackend>))]
public enum DnsBackend
{
    /// <summary>systemd-resolved, asked directly; what is set there lasts until the interface or the host restarts.</summary>
    SystemdResolved,

    /// <summary>systemd-resolved, and a drop-in for systemd-networkd that lasts; also where netplan made the configuration.</summary>
    SystemdNetworkd,

    /// <summary>The file /etc/resolv.conf (resolv.conf(5)).</summary>
    ResolvConf,
}

/// <summary>The DNS settings of an interface.</summary>
public sealed record DnsConfig
{
    /// <summary>The servers' addresses, in the order in which they are asked.</summary>
    public IReadOnlyList<string> Servers { get => field ?? []; init; }

    /// <summary>The search domains, routing domains with a leading <c>~</c>.</summary>
    public IReadOnlyList<string> SearchDomains { get => field ?? []; init; }

    /// <summary>Where the settings were read.</summary>
    public DnsBackend Backend { get; init; }

    /// <summary>What the caller should know besides, such as an /etc/resolv.conf that leads nowhere; null when there is nothing.</summary>
    public string? Note { get; init; }
}

/// <summary>The DNS settings of an interface after an update.</summary>
public sealed record DnsUpdateResult
{
    /// <summary>Always <c>ok</c>; an update that fails has an error in place of a result.</summary>
    public string Status { get => field ?? "ok"; init; }

    /// <summary>True when something was changed.</summary>
    public bool Changed { get; init; }

    /// <inheritdoc cref="DnsConfig.Servers"/>
    public IReadOnlyList<string> Servers { get => field ?? []; init; }

    /// <inheritdoc cref="DnsConfig.SearchDomains"/>
    public IReadOnlyList<string> SearchDomains { get => field ?? []; init; }

    /// <summary>What holds the settings.</summary>
    public DnsBackend Backend { get; init; }

    /// <summary>True when the settings last over a restart of the host.</summary>
    public bool Persistent { get; init; }

    /// <summary>What the caller should know besides, such as a file that had to be written in place; null when there is nothing.</summary>
    public string? Note { get; init; }
}

/// <summary>What came back of the echo requests.</summary>
public sealed record PingResult
{
    /// <summary>The address that was asked; a name's first one.</summary>
    public string Address { get => field ?? ""; init; }

    /// <summary>Echo requests sent.</summary>
    public int PacketsSent { get; init; }

    /// <summary>Answers that came in time.</summary>
    public int PacketsReceived { get; init; }

    /// <summary>Percent of the requests that were not answered, 0 to 100.</summary>
    public double PacketLoss { get; init; }

    /// <summary>The shortest time to an answer in milliseconds with two decimals, such as <c>14.64ms</c>; null without an answer.</summary>
    public string? MinRtt { get; init; }

    /// <summary>The mean time; null without an answer.</summary>
    public string? AvgRtt { get; init; }

    /// <summary>The longest time; null without an answer.</summary>
    public string? MaxRtt { get; init; }

    /// <summary>The shortest time as a number of milliseconds; null without an answer.</summary>
    public double? MinRttMs { get; init; }

    /// <summary>The mean time as a number of milliseconds; null without an answer.</summary>
    public double? AvgRttMs { get; init; }

    /// <summary>The longest time as a number of milliseconds; null without an answer.</summary>
    public double? MaxRttMs { get; init; }

    /// <summary>What stood in the way of those that were lost, as far as it is known; null otherwise.</summary>
    public string? Note { get; init; }
}
