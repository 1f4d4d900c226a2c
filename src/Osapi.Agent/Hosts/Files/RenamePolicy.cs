namespace Osapi.Agent.Hosts.Files;

/// <summary>Renames a finished file to its final name.</summary>
/// <remarks>
/// Where it must replace a certain file, or none, the two names are exchanged (renameat2(2)), and exchanged back when
/// the replaced file was another one. So no other file is lost.
/// </remarks>
internal sealed record RenamePolicy
{
    private readonly bool isCertain;
    private readonly FileStat? seen;

    private RenamePolicy(bool isCertain, FileStat? seen) => (this.isCertain, this.seen) = (isCertain, seen);

    /// <summary>Replaces any file.</summary>
    public static RenamePolicy Overwrite { get; } = new(isCertain: false, seen: null);

    /// <summary>Replaces only the inspected file; with null, no file.</summary>
    public static RenamePolicy Over(FileStat? seen) => new(isCertain: true, seen);

    /// <summary>True when a file may be replaced.</summary>
    public bool Allows(FileStat file) => !isCertain || (seen is { } wanted && file.IsSame(wanted));

    /// <summary>Renames a finished file.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="temporary">The finished file's current name.</param>
    /// <param name="name">The final name.</param>
    /// <param name="finished">The finished file.</param>
    /// <exception cref="FileExchangedException">Another file is there, or the name led to another file afterwards.</exception>
    /// <exception cref="HostFileException">The rename failed.</exception>
    public void Place(HostDirectory directory, string temporary, string name, FileStat finished)
    {
        if (!isCertain)
        {
            DirectoryCalls.Rename(directory.Handle, temporary, name);
            return;
        }

        if (seen is null)
            PlaceNew(directory, temporary, name);
        else
            PlaceOver(directory, temporary, name, finished);
        if (directory.Stat(name) is not { } now || !now.IsSameInode(finished))
            throw new FileExchangedException(name);
    }

    private static void PlaceNew(HostDirectory directory, string temporary, string name)
    {
        try
        {
            DirectoryCalls.Rename(directory.Handle, temporary, name, DirectoryCalls.NoReplace);
        }
        catch (HostFileException refused) when (refused.Error is ErrorNumber.Exists or ErrorNumber.NoEntry)
        {
            throw new FileExchangedException(name);
        }
        catch (HostFileException refused) when (IsUnknown(refused))
        {
            if (directory.Stat(name) is not null)
                throw new FileExchangedException(name);
            DirectoryCalls.Rename(directory.Handle, temporary, name);
        }
    }

    private void PlaceOver(HostDirectory directory, string temporary, string name, FileStat finished)
    {
        if (directory.Stat(name) is not { } there || !Allows(there))
            throw new FileExchangedException(name);
        try
        {
            DirectoryCalls.Rename(directory.Handle, temporary, name, DirectoryCalls.Exchange);
        }
        catch (HostFileException refused) when (refused.Error == ErrorNumber.NoEntry)
        {
            throw new FileExchangedException(name);
        }
        catch (HostFileException refused) when (IsUnknown(refused))
        {
            DirectoryCalls.Rename(directory.Handle, temporary, name);
            return;
        }

        if (directory.Stat(temporary) is { } old && Allows(old))
        {
            DirectoryCalls.Unlink(directory.Handle, temporary);
            return;
        }

        RollBack(directory, temporary, name, finished);
        throw new FileExchangedException(name);
    }

    // Repeats until both files have their former names. A process that keeps exchanging names may prevent that; then
    // its file stays under a name that no cleanup removes.
    private static void RollBack(HostDirectory directory, string temporary, string name, FileStat finished)
    {
        const int MaxAttempts = 20;
        try
        {
            for (var attempt = 0; attempt < MaxAttempts; attempt++)
            {
                DirectoryCalls.Rename(directory.Handle, temporary, name, DirectoryCalls.Exchange);
                if (directory.Stat(temporary) is { } back && back.IsSameInode(finished))
                    return;
            }

            DirectoryCalls.Rename(directory.Handle, temporary, $".osapi-{Guid.NewGuid():N}", DirectoryCalls.NoReplace);
        }
        catch (HostFileException)
        {
            // One of the names was removed by a process with permission to do so; the other stays.
        }
    }

    // Some file systems, and kernels in sandboxes, support plain renames only.
    private static bool IsUnknown(HostFileException refused) => refused.Error is ErrorNumber.Invalid or ErrorNumber.NotSupported or ErrorNumber.NoSystemCall;
}
