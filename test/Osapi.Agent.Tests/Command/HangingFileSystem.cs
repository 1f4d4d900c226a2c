using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Osapi.Agent.Tests.Command;

/// <summary>A mounted file system that never answers, because no process serves its requests (fuse(4)); access to it hangs.</summary>
internal sealed partial class HangingFileSystem : IDisposable
{
    private readonly SafeFileHandle device;

    private HangingFileSystem(SafeFileHandle device, string directory) => (this.device, Directory) = (device, directory);

    public string Directory { get; }

    public static HangingFileSystem Mount(string directory)
    {
        Assert.SkipUnless(File.Exists("/dev/fuse") && Environment.UserName == "root", "SKIPPED: mounting a file system needs root and /dev/fuse");
        System.IO.Directory.CreateDirectory(directory);
        var device = File.OpenHandle("/dev/fuse", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        Assert.Equal(0, Mount("silent", directory, "fuse", 0, $"fd={device.DangerousGetHandle()},rootmode=40000,user_id=0,group_id=0"));
        return new(device, directory);
    }

    public void Dispose()
    {
        // Closing the device fails all waiting requests.
        device.Dispose();
        const int Detach = 2;
        Assert.Equal(0, Unmount(Directory, Detach));
    }

    [LibraryImport("libc", EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string type, nuint flags, string data);

    [LibraryImport("libc", EntryPoint = "umount2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount(string target, int flags);
}
