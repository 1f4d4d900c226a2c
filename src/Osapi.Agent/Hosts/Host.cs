using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Osapi.Agent.Hosts.Disks;
using Osapi.Agent.Hosts.Facts;
using Osapi.Agent.Hosts.Processes;
using Osapi.Operations.Facts;
using Osapi.Transport;

namespace Osapi.Agent.Hosts;

/// <summary>The machine that handlers look at and act on. Nothing outside this folder reads /proc or /etc or starts a process.</summary>
public sealed record Host
{
    /// <summary>The agent's name: what targets and answers call this host.</summary>
    public required string Name { get; init; }

    /// <summary>The agent's labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Facts that the agent's configuration adds. A name is one word of letters, digits and <c>_</c>.</summary>
    public IReadOnlyDictionary<string, string> CustomFacts { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the machine's file tree begins: <c>/</c>, or a prepared tree in a test.</summary>
    public string Root { get; init; } = "/";

    /// <summary>The time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where the agent keeps what it knows of this host, outside of <see cref="Root"/>; null when it keeps nothing.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>The files that users stored; null when there is no store.</summary>
    public IObjects? Files { get; init; }

    /// <summary>Where the Docker engine listens, such as <c>unix:///var/run/docker.sock</c>, which it is when not given and <c>DOCKER_HOST</c> says nothing else.</summary>
    public string? DockerHost { get; init; }

    /// <summary>Where it is written down what no handler foresaw.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The space of the file system at a path of this machine (not of <see cref="Root"/>): it can be asked for mounts only, which a prepared tree has none of.</summary>
    internal Func<string, FileSystemSpace> SpaceAt { get; init; } = FileSystemSpace.At;

    /// <summary>Asks file systems that may not answer.</summary>
    internal MountProber Mounts { get; init; } = new();

    /// <summary>The mark of the processes that are started for the job at hand.</summary>
    internal ProcessMarker Mark { get; init; } = ProcessMarker.New();

    /// <summary>True when the caller of the job at hand may see the content of files that not everybody on the host may read.</summary>
    internal bool ShowsContent { get; init; }

    /// <summary>The control group below which commands get theirs; null where there is none, and the mark must do.</summary>
    internal string? AgentCgroup { get; init; } = Processes.AgentCgroup.Directory;

    /// <summary>How many bytes of each output stream of a command are kept: 64 MiB.</summary>
    internal int OutputLimit { get; init; } = 64 * 1024 * 1024;

    /// <summary>What the output of the job at hand is taken from; null where there is no common limit.</summary>
    internal OutputBudget.Share? OutputShare { get; init; }

    /// <summary>The interfaces, which a prepared tree has none of either.</summary>
    internal Func<IReadOnlyList<FactInterface>> Interfaces { get; init; } = FactsInterfaces.OfThisMachine;

    /// <summary>The canonical name that the machine's resolver gives for a name; null when it gives none.</summary>
    internal Func<string, CancellationToken, Task<string?>> CanonicalNameAsync { get; init; } = FactsName.CanonicalAsync;

    /// <summary>Runs one of the machine's own tools.</summary>
    internal Func<string, IReadOnlyList<string>, CancellationToken, Task<ToolOutput>> ToolAsync { get; init; } = HostTool.RunAsync;

    /// <summary>What the machine is; kept for all jobs.</summary>
    internal FactsCache Facts { get; init; } = new();
}
