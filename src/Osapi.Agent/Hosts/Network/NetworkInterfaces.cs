using System.Globalization;
using Osapi.Operations;
using Osapi.Operations.Network;

namespace Osapi.Agent.Hosts.Network;

/// <summary>Finds network interfaces by name.</summary>
internal static class NetworkInterfaces
{
    private const string Devices = "/proc/net/dev";

    /// <summary>Checks that the interface exists.</summary>
    /// <exception cref="OperationException">It does not exist; the message lists the existing ones.</exception>
    public static void MustExist(this Host host, InterfaceName name)
    {
        // Unlike /sys, which may be mounted for another network namespace, /proc/net always belongs to the process
        // (proc_pid_net(5)).
        var names = host.Read(Devices).Split('\n').Select(line => line.Split(':', 2)).Where(parts => parts.Length == 2).Select(parts => parts[0].Trim()).ToList();
        if (!names.Contains(name.Value))
            throw new OperationException(ErrorType.NotFound, $"there is no network interface {name} on this host{Suggestions.Hint(name.Value, names)}");
    }

    /// <summary>Gets the kernel's index of an interface.</summary>
    public static int IndexOf(this Host host, InterfaceName name)
    {
        var path = $"/sys/class/net/{name}/ifindex";
        return int.TryParse(host.Read(path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : throw HostFiles.InvalidText(path, "number");
    }
}
