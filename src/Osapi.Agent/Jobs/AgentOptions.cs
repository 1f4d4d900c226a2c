using Osapi.Agent.Hosts;
using Osapi.Agent.Registration;

namespace Osapi.Agent.Jobs;

/// <summary>The configuration of an agent.</summary>
public sealed record AgentOptions
{
    /// <summary>The agent's name; the machine's when not given.</summary>
    public string? Hostname { get; init; }

    /// <summary>Labels, such as <c>group: web.dev</c>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Facts besides those that are read, for <c>@fact.custom.NAME</c>. A name is one word of letters, digits and <c>_</c>.</summary>
    public IReadOnlyDictionary<string, string> CustomFacts { get; init; } = new Dictionary<string, string>();

    /// <summary>How many jobs run at once; 10 when not set.</summary>
    public int MaxJobs { get; init; } = 10;

    /// <summary>From where on the host is said to be in trouble.</summary>
    public ConditionThresholds Conditions { get; init; } = new();

    /// <summary>Where the Docker engine listens, such as <c>unix:///var/run/docker.sock</c>, which it is when not given and <c>DOCKER_HOST</c> says nothing else.</summary>
    public string? DockerHost { get; init; }

    /// <summary>How long an agent that may be a copy of another one listens for it before it takes the name; 1 second when not set.</summary>
    public TimeSpan NameTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Where the machine's file tree begins; a prepared tree in tests.</summary>
    internal string Root { get; init; } = "/";

    /// <summary>The id of the time since the host booted; another one in tests.</summary>
    internal string? BootId { get; init; } = Hosts.Identity.BootId.Read();

    /// <summary>What a test puts in place of the machine.</summary>
    internal Func<Host, Host> Machine { get; init; } = static host => host;
}
