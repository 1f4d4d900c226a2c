using System.Diagnostics;
using Osapi.Transport.Embedded;

namespace Osapi.Transport.Tests.Embedded;

public sealed class FullDiskTests : IAsyncLifetime
{
    private readonly string disk = Directory.CreateTempSubdirectory("osapi-disk-").FullName;
    private bool mounted;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Ballast => Path.Combine(disk, "ballast");

    public async ValueTask InitializeAsync() => mounted = await RunAsync("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk);

    public async ValueTask DisposeAsync()
    {
        if (mounted)
            await RunAsync("umount", disk);
        Directory.Delete(disk);
    }

    [Fact]
    public async Task Appends_fail_while_the_disk_is_full_and_work_again_afterwards()
    {
        Assert.SkipUnless(mounted, "NOT TESTED: a full disk. Mounting a small file system needs root.");
        await File.WriteAllBytesAsync(Ballast, new byte[1_000_000], Token);
        await using var transport = await EmbeddedTransport.OpenAsync(new() { Directory = Path.Combine(disk, "state") }, Token);
        long acknowledged = 0;

        var failure = await Assert.ThrowsAsync<TransportException>(FillAsync);
        Assert.Contains("full", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TransportException>(FillAsync);
        await Assert.ThrowsAsync<TransportException>(() => transport.Files.PutAsync("a", new Contract.Noise(4_000_000), null, Token));
        Assert.Equal(acknowledged, (await transport.StateAsync(StreamName.Jobs, Token)).LastSequence);

        File.Delete(Ballast);
        Assert.Equal(acknowledged + 1, (await AppendAsync()).Sequence);
        await transport.Files.PutAsync("a", new Contract.Noise(10), null, Token);
        Assert.Single(await transport.Files.ListAsync(Token));
        Assert.Single(Directory.GetFiles(Path.Combine(disk, "state", "objects")));

        async Task FillAsync()
        {
            while (true)
                acknowledged = (await AppendAsync()).Sequence;
        }

        Task<AppendResult> AppendAsync() => transport.AppendAsync([new(StreamName.Jobs, "a", new byte[50_000])], Token);
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            await process.WaitForExitAsync(Token);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
