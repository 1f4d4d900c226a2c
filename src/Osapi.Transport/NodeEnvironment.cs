using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Transport;

/// <summary>The environment of a controller or an agent: transport, state directory and clock.</summary>
/// <remarks>Options contain the configuration of a part; the environment contains the resources that its process has opened. <c>Osapi.Hosting</c> creates it.</remarks>
public sealed record NodeEnvironment
{
    /// <summary>The transport that carries the jobs. The caller opens and disposes it.</summary>
    public required ITransport Transport { get; init; }

    /// <summary>The state directory: key and read model of a controller, ledger of an agent. For a controller it must exist.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>True when no other process can use the transport, so that no other controller or agent exists.</summary>
    public bool IsAlone { get; init; }

    /// <summary>The keys of the enrolled hosts: a controller reads the roster into it, and its transport authenticates with them.</summary>
    public HostKeyTable HostKeys { get; init; } = new();

    /// <summary>The controllers' keys that an enrolled agent believes; null for one that is not enrolled, and on the embedded transport.</summary>
    public AgentTrust? Trust { get; init; }

    /// <summary>The counter of what the transport does not believe, with which the part counts as well; null for a counter of its own.</summary>
    public SkippedMessages? Skipped { get; init; }

    /// <summary>The version of the product that the part reports; null for none.</summary>
    public string? Version { get; init; }

    /// <summary>The time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
