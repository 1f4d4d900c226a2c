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
            DirectoryCalls.Rename(directory.Handle, name, temporary, DirectoryCalls.NoReplace);
        }
        catch (HostFileException refused) when (refused.Error == ErrorNumber.NoEntry)
        {
            throw new FileExchangedException(name);
        }
        catch (HostFileException refused) when (refused.Error is ErrorNumber.Invalid or ErrorNumber.NotSupported or ErrorNumber.NoSystemCall)
        {
            if (directory.Stat(name) is not { } there || !there.IsSame(seen))
                throw new FileExchangedException(name);
            temporary = name;
        }

        if (directory.Stat(temporary) is { } moved && moved.IsSame(seen))
        {
            DirectoryCalls.Unlink(directory.Handle, temporary);
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
            DirectoryCalls.Rename(directory.Handle, temporary, name, DirectoryCalls.NoReplace);
        }
        catch (HostFileException)
        {
            // Meanwhile the name was taken or the file was removed, by a process with permission to do so.
        }
    }
}
