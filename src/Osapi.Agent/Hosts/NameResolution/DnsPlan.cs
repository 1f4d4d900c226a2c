using Osapi.Operations.Network;

namespace Osapi.Agent.Hosts.NameResolution;

/// <summary>What is to be done so that an interface has certain DNS settings.</summary>
internal sealed record DnsPlan
{
    /// <summary>What holds the settings.</summary>
    public required DnsBackend Backend { get; init; }

    /// <summary>The settings as they are.</summary>
    public required DnsSettings Before { get; init; }

    /// <summary>The settings as they shall be.</summary>
    public required DnsSettings After { get; init; }

    /// <summary>What to know besides.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What to do, in this order; nothing when everything is as it shall be.</summary>
    public required IReadOnlyList<Step> Steps { get; init; }

    /// <summary>One change. It answers with what to know about how it was made; null when there is nothing to know.</summary>
    internal delegate Task<string?> Step(CancellationToken cancellationToken);
}
