using System.Diagnostics;

namespace Osapi;

/// <summary>A small file system at a path, which a test can really fill. Mounting one needs root.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string path;

    private SmallDisk(string path) => this.path = path;

    private string Ballast => Path.Combine(path, "ballast");

    public static async Task<SmallDisk> MountAsync(string path, string size)
    {
        Directory.CreateDirectory(path);
        Assert.SkipUnless(await RunAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path), "NOT TESTED: a full disk. Mounting a small file system needs root.");
        return new(path);
    }

    /// <summary>Fills it completely.</summary>
    public void Fill()
    {
        using FileStream ballast = new(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var size = 64 * 1024; size > 0; size /= 2)
            try
            {
                while (true)
                    ballast.Write(new byte[size]);
            }
            catch (IOException)
            {
                // The rest is smaller.
            }
    }

    public void MakeRoom() => File.Delete(Ballast);

    public async Task ResizeAsync(string size) => Assert.True(await RunAsync("mount", "-o", $"remount,size={size}", path));

    public async Task MakeReadOnlyAsync() => Assert.True(await RunAsync("mount", "-o", "remount,ro", path));

    /// <summary>Unmounts it, even while it is in use; the owner deletes the empty directory.</summary>
    public async ValueTask DisposeAsync() => await RunAsync("umount", "-l", path);

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
