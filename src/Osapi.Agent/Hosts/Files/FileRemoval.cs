namespace Osapi.Agent.Hosts.Files;

/// <summary>Removes the inspected file, and no other.</summary>
internal static class FileRemoval
{
    /// <summary>
    /// Renames the file to an unpredictable name first, and checks that it is the inspected one before removing it.
    /// </summary>
    /// <exception cref="FileExchangedException">Another file, or none, is there now; it stays.</exception>
    public static void Remove(this HostDirectory directory, string name, FileStat seen)
    {
        var temporary = $".osapi-{Guid.NewGuid():N}";
        try
        {
            Libc.Rename(directory.Handle, name, temporary, Libc.NoReplace);
        }
        catch (HostFileException refused) when (refused.Error == Libc.NoEntry)
        {
            throw new FileExchangedException(name);
        }
        catch (HostFileException refused) when (refused.Error is Libc.Invalid or Libc.NotSupported or Libc.NoSystemCall)
        {
            if (directory.Stat(name) is not { } there || !there.IsSame(seen))
                throw new FileExchangedException(name);
            temporary = name;
        }

        if (directory.Stat(temporary) is { } moved && moved.IsSame(seen))
        {
            Libc.Unlink(directory.Handle, temporary);
            directory.Sync();
            return;
        }

        if (temporary != name)
            RollBack(directory, temporary, name);
        throw new FileExchangedException(name);
    }

    private static void RollBack(HostDirectory directory, string temporary, string name)
    {
        try
        {
            Libc.Rename(directory.Handle, temporary, name, Libc.NoReplace);
        }
        catch (HostFileException)
        {
            // Meanwhile the name was taken or the file was removed, by a process with permission to do so.
        }
    }
}
