using Osapi.Agent.Hosts;
using Osapi.Agent.Outputs;
using Osapi.Agent.Registration;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Transport.Enrolment;

namespace Osapi.Agent.Jobs;

/// <summary>The configuration of an agent.</summary>
public sealed record AgentOptions
{
    /// <summary>The agent's name; default: the machine's hostname.</summary>
    public string? Hostname { get; init; }

    /// <summary>Labels, such as <c>group: web.dev</c>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Custom facts, for <c>@fact.custom.NAME</c>. A name is one word of letters, digits and <c>_</c>.</summary>
    public IReadOnlyDictionary<string, string> CustomFacts { get; init; } = new Dictionary<string, string>();

    /// <summary>The number of jobs that run at once; default: 10.</summary>
    public int MaxJobs { get; init; } = 10;

    /// <summary>The thresholds of the host's conditions.</summary>
    public ConditionThresholds Conditions { get; init; } = new();

    /// <summary>The address of the Docker engine; default: <c>DOCKER_HOST</c>, or else <c>unix:///var/run/docker.sock</c>.</summary>
    public string? DockerHost { get; init; }

    /// <summary>The join token with which the agent enrolls; null for none. An agent that is enrolled needs none.</summary>
    public JoinToken? JoinToken { get; init; }

    /// <summary>The fingerprint of the controllers' key, which the agent trusts; null when the join token names it, and when the agent is enrolled.</summary>
    public string? ControllersFingerprint { get; init; }

    /// <summary>True when the agent works for controllers only that it can authenticate; default: false. On the embedded transport, it means nothing.</summary>
    public bool RefuseUnsigned { get; init; }

    /// <summary>The time for which an agent that may be a copy of another one listens for it before it takes the name; default: 1 second.</summary>
    public TimeSpan NameTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The operations, commands, paths, users and images to which the agent is limited, whatever a controller sends; default: no limits.</summary>
    public AgentRestrictions Restrictions { get; init; } = new();

    /// <summary>The limits for the output of commands.</summary>
    public OutputLimits Output { get; init; } = new();

    /// <summary>The root of the machine's file tree; a prepared tree in tests.</summary>
    internal string Root { get; init; } = "/";

    /// <summary>The id of the host's boot; another one in tests.</summary>
    internal string? BootId { get; init; } = Hosts.Identity.BootId.Read();

    /// <summary>The replacement of the machine in tests.</summary>
    internal Func<Host, Host> Machine { get; init; } = static host => host;
}
