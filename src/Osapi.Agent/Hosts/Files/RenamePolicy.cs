namespace Osapi.Agent.Hosts.Files;

/// <summary>
/// Puts a finished file under its name. Where it must stand in for a certain file, or for none, nothing else is lost: two names
/// are exchanged (renameat2(2)), and exchanged back when it was not the right one that came.
/// </summary>
internal sealed record RenamePolicy
{
    private readonly bool isCertain;
    private readonly FileStat? seen;

    private RenamePolicy(bool isCertain, FileStat? seen) => (this.isCertain, this.seen) = (isCertain, seen);

    /// <summary>Whatever is there is replaced.</summary>
    public static RenamePolicy OverAnything { get; } = new(isCertain: false, seen: null);

    /// <summary>Only the file that was looked at is replaced; nothing is when there was none.</summary>
    public static RenamePolicy Over(FileStat? seen) => new(isCertain: true, seen);

    /// <summary>True when a file is what may be replaced.</summary>
    public bool Allows(FileStat file) => !isCertain || (seen is { } wanted && file.IsSame(wanted));

    /// <summary>Renames a finished file.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="temporary">The finished file's name until now.</param>
    /// <param name="name">Its name from now on.</param>
    /// <param name="made">The finished file.</param>
    /// <exception cref="FileExchangedException">Something else is there, or the name led to another file afterwards.</exception>
    /// <exception cref="HostFileException">It cannot be renamed.</exception>
    public void Place(HostDirectory directory, string temporary, string name, FileStat made)
    {
        if (!isCertain)
        {
            Libc.Rename(directory.Handle, temporary, name);
            return;
        }

        if (seen is null)
            PlaceNew(directory, temporary, name);
        else
            PlaceOver(directory, temporary, name, made);
        if (directory.Stat(name) is not { } now || !now.IsSameInode(made))
            throw new FileExchangedException(name);
    }

    private static void PlaceNew(HostDirectory directory, string temporary, string name)
    {
        try
        {
            Libc.Rename(directory.Handle, temporary, name, Libc.NoReplace);
        }
        catch (HostFileException refused) when (refused.Error is Libc.Exists or Libc.NoEntry)
        {
            throw new FileExchangedException(name);
        }
        catch (HostFileException refused) when (IsUnknown(refused))
        {
            if (directory.Stat(name) is not null)
                throw new FileExchangedException(name);
            Libc.Rename(directory.Handle, temporary, name);
        }
    }

    private void PlaceOver(HostDirectory directory, string temporary, string name, FileStat made)
    {
        if (directory.Stat(name) is not { } there || !Allows(there))
            throw new FileExchangedException(name);
        try
        {
            Libc.Rename(directory.Handle, temporary, name, Libc.Exchange);
        }
        catch (HostFileException refused) when (refused.Error == Libc.NoEntry)
        {
            throw new FileExchangedException(name);
        }
        catch (HostFileException refused) when (IsUnknown(refused))
        {
            Libc.Rename(directory.Handle, temporary, name);
            return;
        }

        if (directory.Stat(temporary) is { } old && Allows(old))
        {
            Libc.Unlink(directory.Handle, temporary);
            return;
        }

        RollBack(directory, temporary, name, made);
        throw new FileExchangedException(name);
    }

    // Until the finished file is back under its temporary name, and what was taken for the old one under its own. Somebody who
    // goes on exchanging may keep that from coming about; then what came stays under a name that no cleaning takes for a leftover.
    private static void RollBack(HostDirectory directory, string temporary, string name, FileStat made)
    {
        const int MaxAttempts = 20;
        try
        {
            for (var attempt = 0; attempt < MaxAttempts; attempt++)
            {
                Libc.Rename(directory.Handle, temporary, name, Libc.Exchange);
                if (directory.Stat(temporary) is { } back && back.IsSameInode(made))
                    return;
            }

            Libc.Rename(directory.Handle, temporary, $".osapi-{Guid.NewGuid():N}", Libc.NoReplace);
        }
        catch (HostFileException)
        {
            // One of the names is gone, by somebody who may do that; what there is stays.
        }
    }

    // Some file systems, and kernels in sandboxes, know plain renames only.
    private static bool IsUnknown(HostFileException refused) => refused.Error is Libc.Invalid or Libc.NotSupported or Libc.NoSystemCall;
}
