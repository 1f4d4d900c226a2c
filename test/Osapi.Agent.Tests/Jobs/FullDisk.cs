using System.Runtime.InteropServices;

namespace Osapi.Agent.Tests.Jobs;

/// <summary>A full disk under a file that this process has open: every write to it fails until this is disposed.</summary>
internal sealed partial class FullDisk : IDisposable
{
    private const int WriteOnly = 1;

    private readonly int descriptor;
    private readonly int kept;

    private FullDisk(int descriptor)
    {
        this.descriptor = descriptor;
        kept = Duplicate(descriptor);
        var full = Open("/dev/full", WriteOnly);
        Assert.True(kept >= 0 && full >= 0 && Replace(full, descriptor) == descriptor, Marshal.GetLastPInvokeErrorMessage());
        _ = Close(full);
    }

    public static FullDisk Under(string file) =>
        new(int.Parse(Path.GetFileName(Directory.GetFiles("/proc/self/fd").Single(link => Target(link) == file)), System.Globalization.CultureInfo.InvariantCulture));

    public void Dispose()
    {
        // Once the file was closed, its descriptor may be that of another file, of any test.
        if (Target($"/proc/self/fd/{descriptor}") == "/dev/full")
            _ = Replace(kept, descriptor);
        _ = Close(kept);
    }

    private static string? Target(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (IOException)
        {
            // Other tests open and close files concurrently.
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Replace(int descriptor, int by);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
