using Osapi.Agent.Hosts;
using Osapi.Agent.Registration;
using Osapi.Transport;

namespace Osapi.Agent.Jobs;

/// <summary>The options of an agent.</summary>
public sealed record AgentOptions
{
    /// <summary>The transport. The caller opens and disposes it.</summary>
    public required ITransport Transport { get; init; }

    /// <summary>The directory of the ledger; created if missing.</summary>
    public required string LedgerDirectory { get; init; }

    /// <summary>
    /// The directory of the agent's records about its host, such as the files deployed to it; the ledger's directory by
    /// default.
    /// </summary>
    public string? StateDirectory { get; init; }

    /// <summary>The agent's name; the machine's by default.</summary>
    public string? Hostname { get; init; }

    /// <summary>The labels, such as <c>group: web.dev</c>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The additional facts, for <c>@fact.custom.NAME</c>. A name is one word of letters, digits and <c>_</c>.</summary>
    public IReadOnlyDictionary<string, string> CustomFacts { get; init; } = new Dictionary<string, string>();

    /// <summary>The maximum number of concurrent jobs; default 10.</summary>
    public int MaxJobs { get; init; } = 10;

    /// <summary>The thresholds of the host's conditions.</summary>
    public ConditionThresholds Conditions { get; init; } = new();

    /// <summary>
    /// The address of the Docker engine, such as <c>unix:///var/run/docker.sock</c>, which is the default unless
    /// <c>DOCKER_HOST</c> is set.
    /// </summary>
    public string? DockerHost { get; init; }

    /// <summary>True when no other agent can be on the transport, so that the name needs no check.</summary>
    public bool Alone { get; init; }

    /// <summary>
    /// The time for which an agent that may be a copy of another one listens for it before it takes the name; default 1
    /// second.
    /// </summary>
    public TimeSpan NameTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The version that the agent reports.</summary>
    public string? Version { get; init; }

    /// <summary>The root of the machine's file tree; a prepared tree in tests.</summary>
    internal string Root { get; init; } = "/";

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The id of the current boot; another one in tests.</summary>
    internal string? BootId { get; init; } = Hosts.Identity.BootId.Read();

    /// <summary>Replaces parts of the machine in tests.</summary>
    internal Func<Host, Host> Machine { get; init; } = static host => host;
}
