using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Network;

/// <summary>The component that holds the DNS settings of a host.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<DnsBackend>))]
public enum DnsBackend
{
    /// <summary>systemd-resolved, called directly; settings last until the interface or the host restarts.</summary>
    SystemdResolved,

    /// <summary>systemd-resolved with a persistent drop-in file for systemd-networkd; also where netplan generates the configuration.</summary>
    SystemdNetworkd,

    /// <summary>The file /etc/resolv.conf (resolv.conf(5)).</summary>
    ResolvConf,
}

/// <summary>The DNS settings of an interface.</summary>
public sealed record DnsConfig
{
    /// <summary>The addresses of the servers, in the order in which they are asked.</summary>
    public IReadOnlyList<string> Servers { get => field ?? []; init; }

    /// <summary>The search domains; routing domains have a leading <c>~</c>.</summary>
    public IReadOnlyList<string> SearchDomains { get => field ?? []; init; }

    /// <summary>The component that the settings were read from.</summary>
    public DnsBackend Backend { get; init; }

    /// <summary>Additional information, such as an /etc/resolv.conf that is a broken link; null when there is none.</summary>
    public string? Note { get; init; }
}

/// <summary>The DNS settings of an interface after an update.</summary>
public sealed record DnsUpdateResult
{
    /// <summary>Always <c>ok</c>; an update that fails has an error instead of a result.</summary>
    public string Status { get => field ?? "ok"; init; }

    /// <summary>True when a setting changed.</summary>
    public bool Changed { get; init; }

    /// <inheritdoc cref="DnsConfig.Servers"/>
    public IReadOnlyList<string> Servers { get => field ?? []; init; }

    /// <inheritdoc cref="DnsConfig.SearchDomains"/>
    public IReadOnlyList<string> SearchDomains { get => field ?? []; init; }

    /// <summary>The component that holds the settings.</summary>
    public DnsBackend Backend { get; init; }

    /// <summary>True when the settings persist across a restart of the host.</summary>
    public bool Persistent { get; init; }

    /// <summary>Additional information, such as a file that had to be written in place; null when there is none.</summary>
    public string? Note { get; init; }
}

/// <summary>The result of a ping.</summary>
public sealed record PingResult
{
    /// <summary>The pinged address; the first one of a host name.</summary>
    public string Address { get => field ?? ""; init; }

    /// <summary>The number of echo requests sent.</summary>
    public int PacketsSent { get; init; }

    /// <summary>The number of replies received in time.</summary>
    public int PacketsReceived { get; init; }

    /// <summary>Lost packets in percent, 0 to 100.</summary>
    public double PacketLoss { get; init; }

    /// <summary>The minimum round-trip time in milliseconds with two decimals, such as <c>14.64ms</c>; null without a reply.</summary>
    public string? MinRtt { get; init; }

    /// <summary>The average round-trip time, such as <c>18.65ms</c>; null without a reply.</summary>
    public string? AvgRtt { get; init; }

    /// <summary>The maximum round-trip time, such as <c>24.31ms</c>; null without a reply.</summary>
    public string? MaxRtt { get; init; }

    /// <summary>The minimum round-trip time as a number of milliseconds; null without a reply.</summary>
    public double? MinRttMs { get; init; }

    /// <summary>The average round-trip time as a number of milliseconds; null without a reply.</summary>
    public double? AvgRttMs { get; init; }

    /// <summary>The maximum round-trip time as a number of milliseconds; null without a reply.</summary>
    public double? MaxRttMs { get; init; }

    /// <summary>The reason for lost packets, if it is known; null otherwise.</summary>
    public string? Note { get; init; }
}
