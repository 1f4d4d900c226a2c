using System.Diagnostics;
using Osapi.Agent.Jobs.Ledgers;

namespace Osapi.Agent.Tests.Jobs;

/// <summary>
/// Tests with a disk on which every write succeeds and the flush fails: a sparse ext2 image on a small full disk.
/// </summary>
public sealed class LedgerFailedFlushTests : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("ledger-flush-");
    private readonly Stack<string> mounted = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Backing => Path.Combine(root.FullName, "backing");

    private string Disk => Path.Combine(root.FullName, "disk");

    private string Image => Path.Combine(Backing, "image");

    private LedgerOptions Options => new() { Directory = Path.Combine(Disk, "state") };

    public void Dispose()
    {
        while (mounted.TryPop(out var place))
            Unmount(place);
        root.Delete(recursive: true);
    }

    [Fact]
    public async Task Nothing_is_acknowledged_that_the_disk_did_not_take_and_nothing_acknowledged_is_lost()
    {
        Mount();
        List<string> acknowledged = [], refused = [];
        await using (var ledger = await Ledger.OpenAsync(Options, Token))
        {
            await WorkAsync(ledger, "before");
            Assert.Empty(refused);
            Fill();
            await WorkAsync(ledger, "full");
            Assert.NotEmpty(refused);
            AssertKnown(ledger);
            File.Delete(Path.Combine(Backing, "filler"));
            var before = refused.Count;
            await WorkAsync(ledger, "after");
            Assert.Equal(before, refused.Count);
        }

        // After unmounting and mounting, the disk shows its real content, not the kernel's cache.
        Unmount(Disk);
        Assert.Equal(0, Run("mount", "-o", "loop", Image, Disk));
        await using var again = await Ledger.OpenAsync(Options, Token);
        AssertKnown(again);

        async Task WorkAsync(Ledger ledger, string name)
        {
            for (var job = 0; job < 20; job++)
            {
                var jobId = $"{name}-{job}";
                try
                {
                    await ledger.RecordIntentAsync(JobIds.Of(jobId), new string('x', 20_000), Token);
                    acknowledged.Add(jobId);
                }
                catch (LedgerException)
                {
                    refused.Add(jobId);
                }
            }
        }

        void AssertKnown(Ledger ledger)
        {
            Assert.All(acknowledged, jobId => Assert.NotNull(ledger.Find(JobIds.Of(jobId))));
            Assert.All(refused, jobId => Assert.Null(ledger.Find(JobIds.Of(jobId))));
        }
    }

    private void Mount()
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("NOT TESTED: a flush that fails, because mounting a disk for it needs root.");
        Directory.CreateDirectory(Backing);
        Directory.CreateDirectory(Disk);
        if (Run("mount", "-t", "tmpfs", "-o", "size=3m", "ledger-test", Backing) != 0)
            Assert.Skip("NOT TESTED: a flush that fails, because a small disk cannot be mounted here.");
        mounted.Push(Backing);
        using (var image = File.Create(Image))
            image.SetLength(16 * 1024 * 1024);
        if (Run("mke2fs", "-q", "-t", "ext2", "-O", "^resize_inode", "-e", "continue", Image) != 0 || Run("mount", "-o", "loop", Image, Disk) != 0)
            Assert.Skip("NOT TESTED: a flush that fails, because an image cannot be mounted here.");
        mounted.Push(Disk);
    }

    private void Fill()
    {
        using FileStream filler = new(Path.Combine(Backing, "filler"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        Assert.Throws<IOException>(WriteForever);

        void WriteForever()
        {
            while (true)
                filler.Write(new byte[4096]);
        }
    }

    // A process that another test is just starting has this process's files open until it executes its program.
    private static void Unmount(string place)
    {
        for (var attempt = 0; attempt < 100 && Run("umount", "--quiet", place) != 0; attempt++)
        {
        }

        Assert.NotEqual(0, Run("mountpoint", "-q", place));
    }

    private static int Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(command, arguments);
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return 127;
        }
    }
}
