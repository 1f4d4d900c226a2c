using System.Globalization;

namespace Osapi.Transport.Embedded;

/// <summary>
/// Holds a state directory for this process. The lock is the operating system's and dies with the process, so a
/// killed holder leaves nothing to clean up; the file itself stays, because removing it would race with the next holder.
/// </summary>
internal sealed class StateLock : IDisposable
{
    private const int WouldBlock = 11;

    private readonly FileStream file;
    private readonly string holderFile;

    private StateLock(FileStream file, string holderFile)
    {
        this.file = file;
        this.holderFile = holderFile;
    }

    public static StateLock Take(string directory)
    {
        // The holder's id is in a file of its own: nobody else can read a file that is locked.
        var holderFile = Path.Combine(directory, "holder");
        try
        {
            var file = new FileStream(Path.Combine(directory, "lock"), PrivateFiles.Options(FileMode.OpenOrCreate, FileAccess.Write, FileShare.None));
            PrivateFiles.WriteText(holderFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new(file, holderFile);
        }
        catch (IOException refused) when (refused.HResult == WouldBlock)
        {
            throw new StateDirectoryBusyException(directory, ReadHolder(holderFile));
        }
    }

    public void Dispose()
    {
        File.Delete(holderFile);
        file.Dispose();
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
