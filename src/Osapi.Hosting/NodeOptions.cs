using Microsoft.Extensions.Logging;
using Osapi.Agent.Jobs;
using Osapi.Controller;
using Osapi.Transport.Nats;

namespace Osapi.Hosting;

/// <summary>The options of a node: where it keeps its state, what carries its jobs, and the options of the parts that it runs.</summary>
public sealed record NodeOptions
{
    /// <summary>The directory that the node keeps everything in; made when it is not there. One node with a controller, and one with an agent, holds it at a time.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>
    /// The NATS broker that carries the jobs; null for the embedded transport, which needs nothing installed and has one node. The node sets
    /// <see cref="NatsOptions.CreateStreams"/>, <see cref="NatsOptions.KeepJobs"/> and what it logs.
    /// </summary>
    public NatsOptions? Nats { get; init; }

    /// <summary>The controller's options; null for a node without a controller.</summary>
    public ControllerOptions? Controller { get; init; } = new();

    /// <summary>The agent's options; null for a node without an agent.</summary>
    public AgentOptions? Agent { get; init; } = new();

    /// <summary>The configuration of logging; nothing is logged when not given.</summary>
    public Action<ILoggingBuilder> Logging { get; init; } = static _ => { };

    /// <summary>The time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
