namespace Osapi.Agent.Hosts.Disks;

/// <summary>The space of a file system, in bytes.</summary>
/// <param name="Total">The size.</param>
/// <param name="Free">The unused space, including blocks reserved for root (<c>f_bfree</c>).</param>
/// <param name="Available">The space available to unprivileged processes (<c>f_bavail</c>).</param>
internal readonly record struct FileSystemSpace(long Total, long Free, long Available)
{
    /// <summary>Gets the space at a path (statfs(2)).</summary>
    /// <remarks>
    /// The framework calls the libc that it was built against, so the structure's layout is right on every processor
    /// and with both glibc and musl. It multiplies by <c>f_bsize</c>, which equals <c>f_frsize</c> for file systems on
    /// block devices.
    /// </remarks>
    /// <exception cref="IOException">There is no file system at the path, or it cannot be queried.</exception>
    /// <exception cref="UnauthorizedAccessException">The path is not accessible.</exception>
    public static FileSystemSpace At(string path)
    {
        DriveInfo drive = new(path);
        var (total, free, available) = (drive.TotalSize, drive.TotalFreeSpace, drive.AvailableFreeSpace);
        // The three values are not read atomically: a file may be deleted in between, and no result may be negative.
        return new(total, Math.Min(free, total), available);
    }
}
