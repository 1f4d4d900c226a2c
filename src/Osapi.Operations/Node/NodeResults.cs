using System.Text.Json.Serialization;

namespace Osapi.Operations.Node;

/// <summary>A host's name and labels.</summary>
public sealed record HostnameResult
{
    /// <summary>The kernel's node name (<c>uname -n</c>). The <c>hostname</c> of the result is the agent's name, which may differ.</summary>
    public required string OsHostname { get; init; }

    /// <summary>The agent's labels; null when it has none.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

/// <summary>The status of a host; a part that could not be read is null.</summary>
public sealed record NodeStatus
{
    /// <inheritdoc cref="HostnameResult.OsHostname"/>
    public string? OsHostname { get; init; }

    /// <summary>The time since boot in words, such as <c>4 days, 6 hours, 14 minutes</c>.</summary>
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
/// <param name="Disks">The file systems, ordered by mount point.</param>
public sealed record DiskResult(IReadOnlyList<Disk> Disks)
{
    /// <summary>The file systems whose space could not be read, for example because one hangs; null when there are none.</summary>
    public IReadOnlyList<UnavailableDisk>? Unavailable { get; init; }
}

/// <summary>A file system whose space could not be read.</summary>
/// <param name="Name">The mount point.</param>
/// <param name="Error">The error; a file system that does not respond within 2 seconds is skipped.</param>
public sealed record UnavailableDisk(string Name, string Error);

/// <summary>One mounted file system on a local block device (proc_pid_mountinfo(5), statvfs(3)).</summary>
/// <param name="Name">
/// The mount point. A device that is mounted in several places is listed once: at the shortest path where all of it is mounted, not
/// only a directory of it.
/// </param>
/// <param name="Total">The size in bytes.</param>
/// <param name="Used">The used bytes.</param>
/// <param name="Free">The bytes available to an unprivileged process; less than total minus used where blocks are reserved for root.</param>
public sealed record Disk(string Name, long Total, long Used, long Free);

/// <summary>The memory of a host.</summary>
/// <param name="Memory">The memory in bytes.</param>
public sealed record MemoryResult(Memory Memory);

/// <summary>Memory in bytes (proc_meminfo(5)).</summary>
/// <param name="Total">MemTotal.</param>
/// <param name="Free">MemFree: memory that is not used at all, not even as cache.</param>
/// <param name="Used">Total minus available: memory that a new program could not get.</param>
/// <param name="Available">MemAvailable: memory that a new program can get without swapping.</param>
public sealed record Memory(long Total, long Free, long Used, long Available);

/// <summary>The load of a host.</summary>
/// <param name="LoadAverage">The averages of the last 1, 5 and 15 minutes.</param>
public sealed record LoadResult(LoadAverage LoadAverage);

/// <summary>The average number of running or waiting processes (proc_loadavg(5)).</summary>
public sealed record LoadAverage
{
    /// <summary>The average over the last minute.</summary>
    [JsonPropertyName("1min")]
    public double OneMinute { get; init; }

    /// <summary>The average over the last 5 minutes.</summary>
    [JsonPropertyName("5min")]
    public double FiveMinutes { get; init; }

    /// <summary>The average over the last 15 minutes.</summary>
    [JsonPropertyName("15min")]
    public double FifteenMinutes { get; init; }
}

/// <summary>The operating system of a host.</summary>
/// <param name="OsInfo">The distribution and its version.</param>
public sealed record OsInfoResult(OsInfo OsInfo);

/// <summary>The distribution of a host (os-release(5)).</summary>
/// <param name="Distribution">The <c>ID</c> field, lower case, such as <c>debian</c>.</param>
/// <param name="Version">The <c>VERSION_ID</c> field; empty for a rolling distribution.</param>
public sealed record OsInfo(string Distribution, string Version);

/// <summary>The uptime of a host.</summary>
/// <param name="Uptime">The uptime in hours, minutes and seconds, such as <c>102h14m5s</c>.</param>
/// <param name="UptimeSeconds">The uptime in whole seconds.</param>
public sealed record UptimeResult(string Uptime, long UptimeSeconds);
