using System.Globalization;

namespace Osapi.Transport.Embedded;

/// <summary>The exclusive lock of a state directory.</summary>
/// <remarks>
/// The operating system holds the lock and releases it when the process dies, so a killed process leaves nothing to
/// clean up. The file itself stays, because removing it would race with the next holder.
/// </remarks>
public sealed class StateLock : IDisposable
{
    // EWOULDBLOCK: the lock is held by another process.
    private const int WouldBlock = 11;

    private readonly FileStream file;
    private readonly string holderFile;

    private StateLock(FileStream file, string holderFile)
    {
        this.file = file;
        this.holderFile = holderFile;
    }

    /// <summary>Locks the directory, which is created if missing.</summary>
    /// <exception cref="StateDirectoryBusyException">Another process holds the lock.</exception>
    public static StateLock Acquire(string directory)
    {
        PrivateFiles.CreateDirectory(directory);
        // The holder's id is in a separate file, because other processes cannot read the locked one.
        var holderFile = Path.Combine(directory, "holder");
        FileStream file;
        try
        {
            file = new(Path.Combine(directory, "lock"), PrivateFiles.Options(FileMode.OpenOrCreate, FileAccess.Write, FileShare.None));
        }
        catch (IOException refused) when (refused.HResult == WouldBlock)
        {
            throw new StateDirectoryBusyException(directory, ReadHolder(holderFile));
        }

        try
        {
            PrivateFiles.WriteText(holderFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new(file, holderFile);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose()
    {
        using (file)
            File.Delete(holderFile);
    }

    private static int? ReadHolder(string holderFile)
    {
        try
        {
            return int.TryParse(File.ReadAllText(holderFile), CultureInfo.InvariantCulture, out var id) ? id : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
