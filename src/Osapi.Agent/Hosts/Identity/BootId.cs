using Osapi.Operations;

namespace Osapi.Agent.Hosts.Identity;

/// <summary>The kernel's random id of the time since the machine booted (random(4)).</summary>
internal static class BootId
{
    /// <summary>The id; null when it cannot be read. A prepared tree has none: it is the kernel's that counts.</summary>
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
