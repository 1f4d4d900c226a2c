using Osapi.Operations.Network;

namespace Osapi.Agent.Hosts.NameResolution;

/// <summary>The changes that give an interface the desired DNS settings.</summary>
internal sealed record DnsPlan
{
    /// <summary>The service or file that holds the settings.</summary>
    public required DnsBackend Backend { get; init; }

    /// <summary>The current settings.</summary>
    public required DnsSettings Before { get; init; }

    /// <summary>The settings after the change.</summary>
    public required DnsSettings After { get; init; }

    /// <summary>Additional notes for the caller.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The steps, in order; empty when nothing is to be changed.</summary>
    public required IReadOnlyList<Step> Steps { get; init; }

    /// <summary>One change. It returns a note about how the change was made, or null.</summary>
    internal delegate Task<string?> Step(CancellationToken cancellationToken);
}
