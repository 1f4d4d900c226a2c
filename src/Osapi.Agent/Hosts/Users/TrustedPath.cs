using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Restrictions;

namespace Osapi.Agent.Hosts.Users;

/// <summary>Finds out where a tool can be given a path: only where no user can exchange a directory on it.</summary>
internal static class TrustedPath
{
    /// <summary>Gets the first directory on a path that users other than root can change; null when there is none, or when the path ends before.</summary>
    public static string? FirstUntrusted(Host host, string path)
    {
        var real = RealPath.Of(host, path);
        var parts = real.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var count = 0; count <= parts.Length; count++)
        {
            var at = "/" + string.Join('/', parts.Take(count));
            using var directory = HostDirectory.Open(host, at, create: false);
            if (directory is null)
                return null;
            if (!directory.IsTrusted)
                return at;
        }

        return null;
    }
}
