namespace Osapi.Operations.Targets;

/// <summary>The hosts of a target.</summary>
public sealed record ResolvedTarget
{
    /// <summary>The hosts, sorted by name; empty when the target names none.</summary>
    public IReadOnlyList<ResolvedHost> Hosts { get => field ?? []; init; }

    /// <summary>The reason that a call to the target would be rejected, with the nearest name that exists; null when it would not.</summary>
    public string? Problem { get; init; }
}

/// <summary>One host of a target.</summary>
/// <param name="Hostname">The name of the host.</param>
/// <param name="Drained">True when an operator drained the host, so that it receives no jobs.</param>
/// <param name="Reachable">False when the host's agent was stopped, or sent no heartbeat for 30 seconds.</param>
/// <param name="HeartbeatAge">
/// The seconds since the controller received the last heartbeat of the host's agent; null when it has received none since it started, and
/// from an older controller.
/// </param>
public sealed record ResolvedHost(string Hostname, bool Drained = false, bool Reachable = true, double? HeartbeatAge = null);
