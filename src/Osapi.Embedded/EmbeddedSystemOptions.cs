using Microsoft.Extensions.Logging;
using Osapi.Agent.Registration;
using Osapi.Controller;

namespace Osapi.Embedded;

/// <summary>How a system on one machine is set up.</summary>
public sealed record EmbeddedSystemOptions
{
    /// <summary>Where it keeps everything; made when it is not there. One system at a time holds it.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>Where it listens on TCP; nowhere when empty.</summary>
    public IReadOnlyList<Uri> Urls { get; init; } = [];

    /// <summary>The certificate of the addresses that begin with <c>https</c>.</summary>
    public TlsCertificate? Tls { get; init; }

    /// <summary>The file of the key that signs tokens, made when it is not there; <c>signing.key</c> in the state directory when not given.</summary>
    public string? SigningKeyFile { get; init; }

    /// <summary>The path of its Unix socket, at most 107 bytes (unix(7)); <c>osapi.sock</c> in the state directory when not given.</summary>
    public string? Socket { get; init; }

    /// <summary>The agent's name; the machine's when not given.</summary>
    public string? Hostname { get; init; }

    /// <summary>The agent's labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Facts that the agent adds to those it reads: <c>@fact.custom.NAME</c>. A name is one word of letters, digits and <c>_</c>.</summary>
    public IReadOnlyDictionary<string, string> CustomFacts { get; init; } = new Dictionary<string, string>();

    /// <summary>How many jobs run at once; 10 when not set.</summary>
    public int MaxJobs { get; init; } = 10;

    /// <summary>From where on the host is said to be in trouble.</summary>
    public ConditionThresholds Conditions { get; init; } = new();

    /// <summary>The most bytes a request may have; 16 MiB when not set.</summary>
    public long MaxRequestBytes { get; init; } = ControllerOptions.DefaultMaxRequestBytes;

    /// <summary>The most bytes an upload may have; 10 GiB when not set.</summary>
    public long MaxUploadBytes { get; init; } = ControllerOptions.DefaultMaxUploadBytes;

    /// <summary>What callers may take of its controller.</summary>
    public ControllerLimits Limits { get; init; } = new();

    /// <summary>How long jobs and their results can be read, more than 2 hours; 7 days when not set.</summary>
    public TimeSpan KeepJobs { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How many jobs that are over can be read, the newest; as many as there are when not set.</summary>
    public int? KeepAtMost { get; init; }

    /// <summary>How long an agent that is not heard of stays in the list; 30 days when not set.</summary>
    public TimeSpan KeepAgents { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Where the Docker engine listens, such as <c>unix:///var/run/docker.sock</c>, which it is when not given and <c>DOCKER_HOST</c> says nothing else.</summary>
    public string? DockerHost { get; init; }

    /// <summary>Where logs go; nowhere when not given.</summary>
    public Action<ILoggingBuilder> Logging { get; init; } = static _ => { };
}
