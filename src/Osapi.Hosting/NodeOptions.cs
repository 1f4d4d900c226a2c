using Microsoft.Extensions.Logging;
using Osapi.Agent.Jobs;
using Osapi.Controller;
using Osapi.Transport.Nats;

namespace Osapi.Hosting;

/// <summary>The options of a node: the state directory, the transport, and the options of its parts.</summary>
public sealed record NodeOptions
{
    /// <summary>The state directory; created when it does not exist. At most one controller and one agent use it at a time.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>
    /// The NATS broker that carries the jobs; null for the embedded transport, which needs no installation and serves a single node. The node itself sets
    /// <see cref="NatsOptions.CreateStreams"/>, <see cref="NatsOptions.KeepJobs"/> and the logging.
    /// </summary>
    public NatsOptions? Nats { get; init; }

    /// <summary>The trust between this node and the others on its broker.</summary>
    public NodeTrust Trust { get; init; } = new();

    /// <summary>The controller's options; null for a node without a controller.</summary>
    public ControllerOptions? Controller { get; init; } = new();

    /// <summary>The agent's options; null for a node without an agent.</summary>
    public AgentOptions? Agent { get; init; } = new();

    /// <summary>Configures logging; null for no logging.</summary>
    public Action<ILoggingBuilder> Logging { get; init; } = static _ => { };

    /// <summary>The time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
