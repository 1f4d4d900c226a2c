using Osapi.Operations;

namespace Osapi.Agent.Hosts.Files;

/// <summary>
/// Decides which symbolic links are followed. A link in a directory that only root can change leads where root wants. Any other
/// one was put there, or under its name, by a user, whose way must end in a directory of his own: the agent may enter
/// directories that he may not.
/// </summary>
internal static class SymlinkRule
{
    /// <summary>The user whose directory the link has to lead to; null when it may lead anywhere.</summary>
    /// <param name="directory">The directory in which the link is.</param>
    /// <param name="link">The link.</param>
    /// <param name="name">Its name.</param>
    /// <param name="path">The path that was asked for.</param>
    /// <exception cref="OperationException">It is not followed, wherever it leads.</exception>
    public static uint? OwnerBehind(FileStat directory, FileStat link, string name, string path)
    {
        if (directory.IsShared)
        {
            if (link.User != Libc.EffectiveUser() && link.User != directory.User)
                throw new OperationException(ErrorType.Conflict, $"{path} is not followed: {name} on the way is a symbolic link that another user put into a directory open to all");
            return FileStat.IsPrivilegedUser(link.User) ? null : link.User;
        }

        if (directory.IsPrivileged && directory.IsWrittenByOwnerOnly)
            return null;
        // A user who may write to another's directory, and put the link there, has no right to either's.
        return link.User == directory.User || link.IsPrivileged ? directory.User : throw Refused(directory.User, name, path);
    }

    /// <summary>The error for a link that leads out of a user's own directories.</summary>
    public static OperationException Refused(uint owner, string name, string path) => new(
        ErrorType.Conflict,
        $"{path} is not followed: {name} on the way is a symbolic link out of a directory of {Accounts.UserName(owner)} into one that belongs to somebody else (follow_links follows it)");
}
