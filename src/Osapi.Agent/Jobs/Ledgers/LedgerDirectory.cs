using Osapi.Agent.Hosts.Files;

namespace Osapi.Agent.Jobs.Ledgers;

/// <summary>The ledger's directory, locked for this process.</summary>
/// <remarks>
/// The operating system releases the lock when the process dies; the lock file stays, because removing it would race
/// with the next holder.
/// </remarks>
internal sealed class LedgerDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // EWOULDBLOCK: the lock is held by another process.
    private const int WouldBlock = 11;

    private readonly string path;
    private readonly FileStream lockFile;
    private bool isChanged;

    private LedgerDirectory(string path, FileStream lockFile)
    {
        this.path = path;
        this.lockFile = lockFile;
    }

    public string File => Path.Combine(path, "ledger");

    public string NewFile => Path.Combine(path, "ledger.new");

    /// <summary>The file of the sessions of this directory.</summary>
    public string SessionsFile => Path.Combine(path, "sessions");

    /// <summary>The identity of the directory: a copy has another inode, or is on another device.</summary>
    public (ulong Device, ulong Inode) Identity
    {
        get
        {
            using var directory = DirectoryCalls.OpenRoot(path);
            var version = FileStatCalls.StatOf(directory).Version;
            return (version.Device, version.Inode);
        }
    }

    /// <summary>True when the lock is effective: some file systems accept a lock without enforcing it.</summary>
    public bool IsExclusive
    {
        get
        {
            try
            {
                using var second = OpenFile(LockFile(path), FileMode.OpenOrCreate, FileShare.None);
                return false;
            }
            catch (IOException refused) when (refused.HResult == WouldBlock)
            {
                return true;
            }
        }
    }

    public static LedgerDirectory Acquire(string path)
    {
        path = Path.GetFullPath(path);
        try
        {
            PrivateDirectory.Open(path).Dispose();
        }
        catch (IOException refused)
        {
            throw new LedgerException($"The ledger cannot be kept in {path}: {refused.Message}", refused);
        }

        try
        {
            return new(path, OpenFile(LockFile(path), FileMode.OpenOrCreate, FileShare.None));
        }
        catch (IOException refused) when (refused.HResult == WouldBlock)
        {
            throw new LedgerException($"The ledger in {path} is in use: another agent runs on this host with the same directory.", refused);
        }
    }

    /// <summary>Opens a file that only its owner can read, whatever its mode was before.</summary>
    public static FileStream OpenFile(string file, FileMode mode, FileShare share)
    {
        // Something else at this path would otherwise be truncated or lose its permissions.
        if (mode == FileMode.Create)
        {
            System.IO.File.Delete(file);
            mode = FileMode.CreateNew;
        }
        else if (new FileInfo(file).LinkTarget is not null)
        {
            throw new LedgerException($"{file} is a symbolic link, which the agent did not create.");
        }

        FileStream stream = new(file, new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0, UnixCreateMode = OwnerOnly });
        System.IO.File.SetUnixFileMode(stream.SafeFileHandle, OwnerOnly);
        return stream;
    }

    /// <summary>Replaces the list of sessions.</summary>
    public void WriteSessions(IReadOnlyList<string> lines)
    {
        var file = SessionsFile + ".new";
        using (StreamWriter writer = new(OpenFile(file, FileMode.Create, FileShare.None)))
            foreach (var line in lines)
                writer.WriteLine(line);
        System.IO.File.Move(file, SessionsFile, overwrite: true);
    }

    /// <summary>Replaces the old file with the new one; durable only after <see cref="Sync"/>.</summary>
    public void Replace()
    {
        System.IO.File.Move(NewFile, File, overwrite: true);
        isChanged = true;
    }

    /// <summary>
    /// Makes the name of a replaced file durable; nothing may be acknowledged from the new file before that, because a
    /// power cut could still restore the old one.
    /// </summary>
    public void Sync()
    {
        if (!isChanged)
            return;
        LedgerDisk.FlushDirectory(path);
        isChanged = false;
    }

    public void Dispose() => lockFile.Dispose();

    private static string LockFile(string path) => Path.Combine(path, "lock");
}
