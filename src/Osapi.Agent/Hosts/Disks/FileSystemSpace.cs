namespace Osapi.Agent.Hosts.Disks;

/// <summary>The space of a file system, in bytes.</summary>
/// <param name="Total">Its size.</param>
/// <param name="Free">What nothing uses, blocks reserved for root included (<c>f_bfree</c>).</param>
/// <param name="Available">What an unprivileged process may still take (<c>f_bavail</c>).</param>
internal readonly record struct FileSystemSpace(long Total, long Free, long Available)
{
    /// <summary>
    /// The space at a path (statfs(2)). The framework asks with the libc it was built against, so that the layout of the
    /// structure is right on every processor and with both glibc and musl; it multiplies by <c>f_bsize</c>, which equals
    /// <c>f_frsize</c> for the file systems of block devices.
    /// </summary>
    /// <exception cref="IOException">There is no file system at the path, or it cannot be asked.</exception>
    /// <exception cref="UnauthorizedAccessException">The path may not be looked at.</exception>
    public static FileSystemSpace At(string path)
    {
        DriveInfo drive = new(path);
        var (total, free, available) = (drive.TotalSize, drive.TotalFreeSpace, drive.AvailableFreeSpace);
        // Three looks are not one: a file may be deleted in between, and nothing may come out below zero.
        return new(total, Math.Min(free, total), available);
    }
}
