using System.Globalization;

namespace Osapi.Transport.Embedded;

/// <summary>
/// Holds a state directory for this process. The lock is the operating system's and dies with the process, so a
/// killed holder leaves nothing to clean up; the file itself stays, because removing it would race with the next holder.
/// </summary>
public sealed class StateLock : IDisposable
{
    // EWOULDBLOCK: somebody else holds the lock.
    private const int WouldBlock = 11;

    private readonly FileStream file;
    private readonly string holderFile;

    private StateLock(FileStream file, string holderFile)
    {
        this.file = file;
        this.holderFile = holderFile;
    }

    /// <summary>Takes the directory, which is made when it is not there.</summary>
    /// <exception cref="StateDirectoryBusyException">Somebody else has it.</exception>
    public static StateLock Acquire(string directory)
    {
        PrivateFiles.CreateDirectory(directory);
        // The holder's id is in a file of its own: nobody else can read a file that is locked.
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

    /// <summary>Lets go of it.</summary>
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
