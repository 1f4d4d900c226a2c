using Osapi.Operations.Node;

namespace Osapi.Transport.Jobs;

/// <summary>What a heartbeat says. It is never stored; it names its sender, so that two agents of one name are not taken for one.</summary>
public sealed record AgentBeat
{
    /// <summary>The id of the sender's ledger.</summary>
    public required string Ledger { get; init; }

    /// <summary>The sender's run.</summary>
    public required string Session { get; init; }

    /// <summary>Time since the host booted, in words.</summary>
    public string? Uptime { get; init; }

    /// <summary>The load.</summary>
    public LoadAverage? LoadAverage { get; init; }

    /// <summary>The memory.</summary>
    public Memory? Memory { get; init; }
}
