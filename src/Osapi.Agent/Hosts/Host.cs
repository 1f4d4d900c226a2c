using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Osapi.Agent.Hosts.Disks;
using Osapi.Agent.Hosts.Facts;
using Osapi.Agent.Hosts.Processes;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Agent.Hosts.Transactions;
using Osapi.Operations.Facts;
using Osapi.Operations.Jobs;
using Osapi.Transport;

namespace Osapi.Agent.Hosts;

/// <summary>
/// The machine that handlers read and change. Only code in this folder reads /proc and /etc and starts processes.
/// </summary>
public sealed record Host
{
    /// <summary>The name under which targets and replies know this host.</summary>
    public required string Name { get; init; }

    /// <summary>The labels of the agent.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The facts that the agent's configuration adds. A name is one word of letters, digits and <c>_</c>.</summary>
    public IReadOnlyDictionary<string, string> CustomFacts { get; init; } = new Dictionary<string, string>();

    /// <summary>The root of the machine's file tree: <c>/</c>, or a prepared tree in a test.</summary>
    public string Root { get; init; } = "/";

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// The directory of the agent's records about this host, outside of <see cref="Root"/>; null when it keeps none.
    /// </summary>
    public string? StateDirectory { get; init; }

    /// <summary>The files that users stored; null when there is no store.</summary>
    public IObjects? Files { get; init; }

    /// <summary>
    /// The address of the Docker engine, such as <c>unix:///var/run/docker.sock</c>, which is the default unless
    /// <c>DOCKER_HOST</c> is set.
    /// </summary>
    public string? DockerHost { get; init; }

    /// <summary>The limits of the agent's own configuration.</summary>
    public AgentRestrictions Restrictions { get; init; } = new();

    /// <summary>The logger for unexpected failures of handlers.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>
    /// Gets the space of the file system at a path of this machine (not of <see cref="Root"/>, because a prepared tree
    /// has no mounts).
    /// </summary>
    internal Func<string, FileSystemSpace> SpaceAt { get; init; } = FileSystemSpace.At;

    /// <summary>Queries file systems that may hang.</summary>
    internal MountProber Mounts { get; init; } = new();

    /// <summary>The marker of the processes that the current job starts.</summary>
    internal ProcessMarker Marker { get; init; } = ProcessMarker.New();

    /// <summary>True when the current job is a check. Operations that change things are not called for one; those that wait do not wait.</summary>
    internal bool IsCheck { get; init; }

    /// <summary>True when the caller of the current job may see the content of files that are not world-readable.</summary>
    internal bool ShowsContent { get; init; }

    /// <summary>
    /// The control group below which commands get their own; null where there is none, and only the marker is used.
    /// </summary>
    internal string? AgentCgroup { get; init; } = Processes.AgentCgroup.Directory;

    /// <summary>The maximum number of bytes kept of each output stream of a command: 64 MiB.</summary>
    internal int OutputLimit { get; init; } = 64 * 1024 * 1024;

    /// <summary>The current job's share of the output budget; null for no shared limit.</summary>
    internal OutputBudget.Share? OutputShare { get; init; }

    /// <summary>Creates the capture of a stream that is the current job's output.</summary>
    internal OutputCapture Capture(OutputStream stream) => OutputShare?.Spool is { } spool ? spool.Capture(stream) : CaptureInMemory();

    /// <summary>Creates the capture of a stream that is only read on this host.</summary>
    internal OutputCapture CaptureInMemory() => new MemoryCapture(OutputLimit, OutputShare);

    /// <summary>Gets the network interfaces, which a prepared tree does not have.</summary>
    internal Func<IReadOnlyList<FactInterface>> Interfaces { get; init; } = FactsInterfaces.OfThisMachine;

    /// <summary>Resolves a name to its canonical name with the machine's resolver; null when there is none.</summary>
    internal Func<string, CancellationToken, Task<string?>> CanonicalNameAsync { get; init; } = FactsName.CanonicalAsync;

    /// <summary>Runs one of the machine's own tools.</summary>
    internal Func<string, IReadOnlyList<string>, CancellationToken, Task<ToolOutput>> ToolAsync { get; init; } = HostTool.RunAsync;

    /// <summary>The point from which the current job is not stopped any more.</summary>
    internal CommitPoint CommitPoint { get; init; } = new();

    /// <summary>The locks of the families, shared by all jobs.</summary>
    internal FamilyLocks Locks { get; init; } = new();

    /// <summary>The cached facts, shared by all jobs.</summary>
    internal FactsCache Facts { get; init; } = new();
}
