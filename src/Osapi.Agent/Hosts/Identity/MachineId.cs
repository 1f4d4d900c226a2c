using Osapi.Operations;

namespace Osapi.Agent.Hosts.Identity;

/// <summary>Reads /etc/machine-id (machine-id(5)).</summary>
internal static class MachineId
{
    /// <summary>Reads the id; null where there is none yet, as in an image to be copied.</summary>
    public static string? ReadMachineId(this Host host)
    {
        try
        {
            return host.ReadFirst("/etc/machine-id")?.Trim() is { Length: 32 } id ? id : null;
        }
        catch (OperationException)
        {
            return null;
        }
    }
}
