using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Users;
using Osapi.Operations;

namespace Osapi.Agent.Users;

/// <summary>The rules for the places of home directories that tools create and move as root.</summary>
internal static class HomeDirectory
{
    /// <summary>Requires that a home directory can be created, or is there and belongs to the user.</summary>
    /// <param name="host">The host.</param>
    /// <param name="home">The path.</param>
    /// <param name="user">The number of the user; null when it is not known yet.</param>
    /// <exception cref="OperationException">Something else is there, or other users can change the directories above.</exception>
    public static void RequireNew(Host host, string home, uint? user)
    {
        using var parent = OpenParent(host, home);
        if (parent.Stat(Path.GetFileName(home)) is not { } found || (found.Kind == FileKind.Directory && found.User == user))
            return;
        throw new OperationException(ErrorType.Conflict, found.Kind == FileKind.Directory
            ? $"{home} exists and belongs to {Accounts.UserName(found.User)} (create_home: false leaves it as it is)"
            : $"{home} exists and is not a directory");
    }

    /// <summary>Requires that a home directory can be moved.</summary>
    /// <exception cref="OperationException">There is nothing to move, something is at the new place, or other users can change the directories above.</exception>
    public static void RequireMovable(Host host, string from, string to, uint user)
    {
        if (Find(host, from) is not { } found)
            throw new OperationException(ErrorType.Conflict, $"the home directory {from} does not exist and cannot be moved (without move_home only the setting changes)");
        if (found.Kind != FileKind.Directory || found.User != user)
            throw new OperationException(ErrorType.Conflict, $"{from} is not a directory of the user and is not moved");
        OpenParent(host, from).Dispose();
        using var parent = OpenParent(host, to);
        if (parent.Stat(Path.GetFileName(to)) is not null)
            throw new OperationException(ErrorType.Conflict, $"{to} exists already, so the home directory is not moved there");
    }

    /// <summary>Gets the metadata of a home directory without following it as a link; null when there is none.</summary>
    public static FileStat? Find(Host host, string home)
    {
        using var parent = HostDirectory.Open(host, Path.GetDirectoryName(home) ?? "/", create: false);
        return parent?.Stat(Path.GetFileName(home));
    }

    private static HostDirectory OpenParent(Host host, string home)
    {
        var above = Path.GetDirectoryName(home)!;
        // useradd and usermod take paths, and follow every link on them.
        if (TrustedPath.FirstUntrusted(host, above) is { } untrusted)
            throw new OperationException(ErrorType.Conflict, $"{home} cannot be a home directory: other users can change {untrusted}");
        return HostDirectory.Open(host, above, create: false) ?? throw new OperationException(ErrorType.NotFound, $"home: the directory {above} does not exist");
    }
}
