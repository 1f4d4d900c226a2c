using Osapi.Operations;

namespace Osapi.Agent.Hosts.Files;

/// <summary>Decides which symbolic links are followed.</summary>
/// <remarks>
/// A link in a directory that only root can change is trusted. A user may have created or renamed any other link, so it
/// must lead to a directory of that user: the agent may enter directories that the user may not.
/// </remarks>
internal static class SymlinkRule
{
    /// <summary>Gets the user who must own the directory that the link leads to; null when it may lead anywhere.</summary>
    /// <param name="directory">The directory of the link.</param>
    /// <param name="link">The link.</param>
    /// <param name="name">The name of the link.</param>
    /// <param name="path">The requested path.</param>
    /// <exception cref="OperationException">The link is not followed, regardless of its target.</exception>
    public static uint? RequiredTargetOwner(FileStat directory, FileStat link, string name, string path)
    {
        if (directory.IsShared)
        {
            if (link.User != Accounts.EffectiveUser && link.User != directory.User)
                throw new OperationException(ErrorType.Conflict, $"{path} is not followed: {name} on the path is a symbolic link that another user created in a world-writable directory");
            return FileStat.IsPrivilegedUser(link.User) ? null : link.User;
        }

        if (directory.IsPrivileged && directory.IsWrittenByOwnerOnly)
            return null;
        // A user who can write to another user's directory, and created the link there, gets the rights of neither.
        return link.User == directory.User || link.IsPrivileged ? directory.User : throw Refused(directory.User, name, path);
    }

    /// <summary>Creates the error for a link that leads out of a user's own directories.</summary>
    public static OperationException Refused(uint owner, string name, string path) => new(
        ErrorType.Conflict,
        $"{path} is not followed: {name} on the path is a symbolic link from a directory of {Accounts.UserName(owner)} into a directory of another user (set follow_links to follow it)");
}
