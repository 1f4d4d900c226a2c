using Microsoft.Win32.SafeHandles;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Agent.Hosts.Users;
using Osapi.Operations;

namespace Osapi.Agent.Users;

/// <summary>Removes the home directory and the mailbox of an account, over open descriptors: userdel(8) would follow paths.</summary>
/// <param name="host">The host.</param>
/// <param name="user">The user.</param>
internal sealed class HomeRemoval(Host host, PasswdEntry user)
{
    private readonly string home = user.Home.TrimEnd('/');

    /// <summary>Requires that the home directory can be removed, if there is one.</summary>
    /// <exception cref="OperationException">It is not the user's alone, is denied, or something is mounted in it.</exception>
    public void Inspect(AccountDatabase database, CancellationToken cancellationToken)
    {
        if (!IsThere())
            return;
        host.RequireTreeAllowed(home);
        if (database.Users.FirstOrDefault(other => other.Name != user.Name && IsAtOrBelow(other.Home.TrimEnd('/'))) is { } sharing)
            throw new OperationException(ErrorType.Conflict, $"{home} is not removed: the home directory of {sharing.Name} is {sharing.Home}");
        WithHome((_, _, opened) =>
        {
            new FileTree(home).Count(opened, cancellationToken);
            return true;
        });
    }

    /// <summary>Removes both; false when there was none.</summary>
    /// <exception cref="OperationException">As for the inspection.</exception>
    public bool Remove()
    {
        RemoveFile(Path.Join(AccountFiles.Mailboxes, user.Name), user.Uid);
        return IsThere() && WithHome((parent, stat, opened) =>
        {
            new FileTree(home).Empty(opened, CancellationToken.None);
            var name = Path.GetFileName(home);
            if (parent.Stat(name) is not { } there || !there.IsSameInode(stat))
                throw new OperationException(ErrorType.Conflict, $"{home} was exchanged for another directory, which stays");
            DirectoryCalls.RemoveDirectory(parent.Handle, name);
            parent.Sync();
            return true;
        });
    }

    /// <summary>Ends lingering, with which systemd starts services of a user without a login; false when it did not linger.</summary>
    public bool StopLingering() => RemoveFile(Path.Join(AccountFiles.Lingering, user.Name), owner: 0);

    private bool IsThere() => home.Length > 0 && HomeDirectory.Find(host, home) is not null;

    private bool IsAtOrBelow(string path) => path == home || path.StartsWith(home + "/", StringComparison.Ordinal);

    private T WithHome<T>(Func<HostDirectory, FileStat, SafeFileHandle, T> work)
    {
        try
        {
            using var parent = HostDirectory.OpenParent(host, home, create: false, toWrite: true) ?? throw new OperationException(ErrorType.Conflict, $"{home} disappeared");
            var name = Path.GetFileName(home);
            if (parent.Stat(name) is not { Kind: FileKind.Directory } seen || seen.User != user.Uid)
                throw new OperationException(ErrorType.Conflict, $"{home} is not a directory of {user.Name} and is not removed (home: false leaves it)");
            using var opened = DirectoryCalls.OpenAt(parent.Handle, name, OpenFlags.ReadOnly | OpenFlags.OnlyDirectory | OpenFlags.NoFollow);
            if (seen.Mount != FileStatCalls.StatOf(parent.Handle).Mount)
                throw new OperationException(ErrorType.Conflict, $"{home} is not removed: something is mounted there");
            if (!FileStatCalls.StatOf(opened).IsSame(seen))
                throw new OperationException(ErrorType.Conflict, $"{home} was exchanged for another directory, which stays");
            return work(parent, seen, opened);
        }
        catch (IOException failure)
        {
            throw new OperationException(ErrorType.Failed, $"{home}: {failure.Message.ReplaceLineEndings(" ")}");
        }
    }

    private bool RemoveFile(string path, uint owner)
    {
        try
        {
            using var directory = HostDirectory.OpenParent(host, path, create: false);
            if (directory?.Stat(Path.GetFileName(path)) is not { Kind: FileKind.Regular } file || file.User != owner)
                return false;
            directory.Remove(Path.GetFileName(path), file);
            return true;
        }
        catch (Exception failure) when (failure is IOException or FileExchangedException)
        {
            throw new OperationException(ErrorType.Failed, $"{path}: {failure.Message.ReplaceLineEndings(" ")}");
        }
    }
}
