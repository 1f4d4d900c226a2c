using Osapi.Operations;

namespace Osapi.Agent.Hosts.Identity;

/// <summary>The kernel's random id of the current boot (random(4)).</summary>
internal static class BootId
{
    /// <summary>Reads the id; null when it cannot be read. A prepared tree has none: the real kernel's is used.</summary>
    public static string? Read()
    {
        try
        {
            return new Host { Name = "" }.ReadFirst("/proc/sys/kernel/random/boot_id")?.Trim() is { Length: 36 } id ? id : null;
        }
        catch (OperationException)
        {
            return null;
        }
    }
}
