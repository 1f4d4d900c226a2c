using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Osapi.Agent.Hosts.Processes;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Packages;

/// <summary>The locks with which apt and dpkg keep each other out (fcntl(2)).</summary>
internal static partial class DpkgLocks
{
    /// <summary>The locks of changes to packages.</summary>
    public static readonly IReadOnlyList<string> OfPackages = ["/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock", "/var/cache/apt/archives/lock"];

    /// <summary>The lock of the index.</summary>
    public static readonly IReadOnlyList<string> OfIndex = ["/var/lib/apt/lists/lock"];

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until no other program has a lock; returns the time that it took.</summary>
    /// <exception cref="OperationException">One is held for longer; the message names the program.</exception>
    public static async Task<TimeSpan> WaitAsync(Host host, IReadOnlyList<string> locks, int timeout, CancellationToken cancellationToken)
    {
        if (Holder(host, locks) is null)
            return TimeSpan.Zero;
        var begin = host.Time.GetTimestamp();
        while (Holder(host, locks) is { } holder)
        {
            if (host.Time.GetElapsedTime(begin).TotalSeconds >= timeout)
                throw new OperationException(ErrorType.Unavailable, string.Create(CultureInfo.InvariantCulture, $"the packages of this host are locked by {holder}, for more than {timeout} s"));
            await Task.Delay(PollInterval, host.Time, cancellationToken);
        }

        return host.Time.GetElapsedTime(begin);
    }

    private static string? Holder(Host host, IReadOnlyList<string> locks)
    {
        foreach (var path in locks)
        {
            using var file = ProcessCalls.Open(host.FullPath(path), OpenFlags.ReadOnly | OpenFlags.CloseOnExec);
            // struct flock: a lock for writing on the whole file.
            FileLockQuery query = new() { Type = 1 };
            const short Unlocked = 2;
            const int GetLock = 5;
            if (!file.IsInvalid && SystemCall.Retry(() => FCntl(file, GetLock, ref query)) == 0 && query.Type != Unlocked)
                return query.Pid > 0 ? $"{NameOf(query.Pid)} (pid {query.Pid.ToString(CultureInfo.InvariantCulture)})" : "a program outside of this host's processes";
        }

        return null;
    }

    private static string NameOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/comm").Trim();
        }
        catch (IOException)
        {
            return "a program";
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FCntl(SafeFileHandle file, int command, ref FileLockQuery query);

    // struct flock of 64-bit systems.
    [StructLayout(LayoutKind.Sequential, Size = 32)]
    private struct FileLockQuery
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Pid;
    }
}
