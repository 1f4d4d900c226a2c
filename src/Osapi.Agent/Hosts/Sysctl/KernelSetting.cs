using Osapi.Agent.Hosts.Files;

namespace Osapi.Agent.Hosts.Sysctl;

/// <summary>A setting of the running kernel, as it was read.</summary>
/// <param name="Path">The path below /proc/sys.</param>
/// <param name="Value">The value without the line feed at its end; null when the kernel does not give it.</param>
/// <param name="Stat">The metadata of its file.</param>
internal sealed record KernelSetting(string Path, string? Value, FileStat Stat)
{
    // By the mode, because root may open every file of an ordinary file system.
    private const int AnyWrite = 0x92, AnyRead = 0x124, OthersRead = 4;

    public bool IsWritable => (Stat.Mode & AnyWrite) != 0;

    /// <summary>False for one that is only written to, such as net.ipv4.route.flush.</summary>
    public bool IsReadable => (Stat.Mode & AnyRead) != 0;

    /// <summary>True when every user of the host may read it. Others are secrets, such as net.ipv4.tcp_fastopen_key.</summary>
    public bool IsPublic => (Stat.Mode & OthersRead) != 0;
}
