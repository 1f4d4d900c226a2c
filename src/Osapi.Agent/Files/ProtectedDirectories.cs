using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;

namespace Osapi.Agent.Files;

/// <summary>The directories that are never removed or changed as a whole: those at the top of the file tree, and those of the agent.</summary>
internal static class ProtectedDirectories
{
    /// <summary>Requires that a path is none of them.</summary>
    /// <param name="host">The host.</param>
    /// <param name="path">The path, whose last name is not followed when it is a link.</param>
    /// <param name="action">The action, such as <c>removed</c>, for the error.</param>
    /// <exception cref="OperationException">It is one, or is in the agent's directory.</exception>
    public static void Require(Host host, string path, string action)
    {
        var real = RealPath.OfName(host, path);
        if (real.LastIndexOf('/') == 0 && Directory.Exists(host.FullPath(real)) && new FileInfo(host.FullPath(real)).LinkTarget is null)
            throw new OperationException(ErrorType.Conflict, $"{path} is a directory at the top of the file tree, which is never {action}");
        if (host.StateDirectory is { } state && (IsAtOrBelow(state, real) || IsAtOrBelow(real, state)))
            throw new OperationException(ErrorType.Conflict, $"{path} holds the agent's own state, which is never {action}");
    }

    private static bool IsAtOrBelow(string path, string place) => path == place || path.StartsWith(place + "/", StringComparison.Ordinal);
}
