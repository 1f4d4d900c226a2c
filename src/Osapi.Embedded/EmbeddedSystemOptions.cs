using Microsoft.Extensions.Logging;
using Osapi.Agent.Registration;
using Osapi.Controller;

namespace Osapi.Embedded;

/// <summary>The options of a system on one machine.</summary>
public sealed record EmbeddedSystemOptions
{
    /// <summary>The state directory; created when it does not exist. Only one system at a time can use it.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The TCP addresses to listen on; default: none.</summary>
    public IReadOnlyList<Uri> Urls { get; init; } = [];

    /// <summary>The certificate for <c>https</c> addresses.</summary>
    public TlsCertificate? Tls { get; init; }

    /// <summary>The file of the key that signs tokens, created when it does not exist; default: <c>signing.key</c> in the state directory.</summary>
    public string? SigningKeyFile { get; init; }

    /// <summary>The path of the Unix socket, at most 107 bytes (unix(7)); default: <c>osapi.sock</c> in the state directory.</summary>
    public string? Socket { get; init; }

    /// <summary>The agent's name; default: the machine's host name.</summary>
    public string? Hostname { get; init; }

    /// <summary>The agent's labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Custom facts, in addition to those that the agent reads: <c>@fact.custom.NAME</c>. A name consists of letters, digits and <c>_</c>.</summary>
    public IReadOnlyDictionary<string, string> CustomFacts { get; init; } = new Dictionary<string, string>();

    /// <summary>The maximum number of jobs that run at once; default: 10.</summary>
    public int MaxJobs { get; init; } = 10;

    /// <summary>The thresholds of the host's conditions.</summary>
    public ConditionThresholds Conditions { get; init; } = new();

    /// <summary>The maximum size of a request in bytes; default: 16 MiB.</summary>
    public long MaxRequestBytes { get; init; } = ControllerOptions.DefaultMaxRequestBytes;

    /// <summary>The maximum size of an upload in bytes; default: 10 GiB.</summary>
    public long MaxUploadBytes { get; init; } = ControllerOptions.DefaultMaxUploadBytes;

    /// <summary>The limits of the controller for its callers.</summary>
    public ControllerLimits Limits { get; init; } = new();

    /// <summary>The retention of jobs and their results, more than 2 hours; default: 7 days.</summary>
    public TimeSpan KeepJobs { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The maximum number of ended jobs that are kept, newest first; default: no limit.</summary>
    public int? KeepAtMost { get; init; }

    /// <summary>The time that a silent agent stays in the list; default: 30 days.</summary>
    public TimeSpan KeepAgents { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The address of the Docker engine, such as <c>unix:///var/run/docker.sock</c>; default: <c>DOCKER_HOST</c>, or else this path.</summary>
    public string? DockerHost { get; init; }

    /// <summary>Configures the log; default: no log.</summary>
    public Action<ILoggingBuilder> Logging { get; init; } = static _ => { };
}
