using System.Text.Json.Serialization;

namespace Osapi.Operations.Node;

/// <summary>A host's name and labels.</summary>
public sealed record HostnameResult
{
    /// <summary>The kernel's node name (<c>uname -n</c>); the entry's <c>hostname</c> is the agent's name, which may differ.</summary>
    public required string OsHostname { get; init; }

    /// <summary>The agent's labels; null when it has none.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

/// <summary>What <c>node.status.get</c> could read; a part that could not be read is null.</summary>
public sealed record NodeStatus
{
    /// <inheritdoc cref="HostnameResult.OsHostname"/>
    public string? OsHostname { get; init; }

    /// <summary>Time since boot in words: <c>4 days, 6 hours, 14 minutes</c>.</summary>
    public string? Uptime { get; init; }

    /// <summary>The operating system.</summary>
    public OsInfo? OsInfo { get; init; }

    /// <summary>The load averages.</summary>
    public LoadAverage? LoadAverage { get; init; }

    /// <summary>The memory, in bytes.</summary>
    public Memory? Memory { get; init; }

    /// <summary>The local file systems.</summary>
    public IReadOnlyList<Disk>? Disks { get; init; }

    /// <inheritdoc cref="DiskResult.Unavailable"/>
    public IReadOnlyList<UnavailableDisk>? DisksUnavailable { get; init; }
}

/// <summary>The local file systems of a host.</summary>
/// <param name="Disks">One for each file system, ordered by mount point.</param>
public sealed record DiskResult(IReadOnlyList<Disk> Disks)
{
    /// <summary>The file systems of which nothing can be told now, such as one that hangs; null when there are none.</summary>
    public IReadOnlyList<UnavailableDisk>? Unavailable { get; init; }
}

/// <summary>A file system that does not tell its space.</summary>
/// <param name="Name">Where it is mounted.</param>
/// <param name="Error">Why; one that takes longer than 2 seconds is not waited for.</param>
public sealed record UnavailableDisk(string Name, string Error);

/// <summary>One mounted file system on a local block device (proc_pid_mountinfo(5), statvfs(3)).</summary>
/// <param name="Name">Where it is mounted. A device that is mounted in several places is listed once, where all of it is mounted, not a directory of it; at the shortest such path.</param>
/// <param name="Total">Its size in bytes.</param>
/// <param name="Used">Bytes in use.</param>
/// <param name="Free">Bytes that an unprivileged process may still take; less than total minus used where blocks are reserved for root.</param>
public sealed record Disk(string Name, long Total, long Used, long Free);

/// <summary>The memory of a host.</summary>
/// <param name="Memory">The figures.</param>
public sealed record MemoryResult(Memory Memory);

/// <summary>Memory in bytes (proc_meminfo(5)).</summary>
/// <param name="Total">MemTotal.</param>
/// <param name="Free">MemFree: memory that nothing uses, not even as cache.</param>
/// <param name="Used">Total minus available: what could not be given to a new program.</param>
/// <param name="Available">MemAvailable: what a new program could get without swapping.</param>
public sealed record Memory(long Total, long Free, long Used, long Available);

/// <summary>The load of a host.</summary>
/// <param name="LoadAverage">The three averages.</param>
public sealed record LoadResult(LoadAverage LoadAverage);

/// <summary>Processes running or waiting, averaged (proc_loadavg(5)).</summary>
public sealed record LoadAverage
{
    /// <summary>Over the last minute.</summary>
    [JsonPropertyName("1min")]
    public double OneMinute { get; init; }

    /// <summary>Over the last 5 minutes.</summary>
    [JsonPropertyName("5min")]
    public double FiveMinutes { get; init; }

    /// <summary>Over the last 15 minutes.</summary>
    [JsonPropertyName("15min")]
    public double FifteenMinutes { get; init; }
}

/// <summary>The operating system of a host.</summary>
/// <param name="OsInfo">Distribution and version.</param>
public sealed record OsInfoResult(OsInfo OsInfo);

/// <summary>Which distribution a host runs (os-release(5)).</summary>
/// <param name="Distribution">The <c>ID</c> field, lower case, such as <c>debian</c>.</param>
/// <param name="Version">The <c>VERSION_ID</c> field; empty for a rolling distribution.</param>
public sealed record OsInfo(string Distribution, string Version);

/// <summary>How long a host has been up.</summary>
/// <param name="Uptime">Hours, minutes and seconds, such as <c>102h14m5s</c>.</param>
/// <param name="UptimeSeconds">The same in whole seconds.</param>
public sealed record UptimeResult(string Uptime, long UptimeSeconds);
