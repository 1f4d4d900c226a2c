using System.Diagnostics;
using Osapi.Transport.Nats;

namespace Osapi.Transport.Tests.Nats;

/// <summary>
/// Tests of a nats-server whose disk is full. Version 2.9 does not report it: it hangs on the stream that it could not
/// write, until it is killed and restarted with room.
/// </summary>
public sealed class FullDiskTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly NatsServer server = NatsServer.Create("server", NatsServer.FreePorts(1)[0], "");
    private bool mounted;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => mounted = await MountAsync("-t", "tmpfs", "-o", "size=24m", "tmpfs", server.Directory);

    public async ValueTask DisposeAsync()
    {
        if (server.IsRunning)
            await server.KillAsync();
        if (mounted)
            await RunAsync("umount", "-l", server.Directory);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Calls_name_the_cause_at_once_and_succeed_after_a_restart_with_free_space()
    {
        Assert.SkipUnless(mounted, "NOT TESTED: a broker's full disk. Mounting a small file system needs root.");
        Assert.True(await server.TryStartAsync());
        await using var transport = await NatsTransport.ConnectAsync(new() { Urls = [server.Url] }, Token);
        long acknowledged = 0;

        var first = await FailAsync(async () =>
        {
            while (true)
                acknowledged = (await AppendAsync()).Sequence;
        });
        var next = await FailAsync(AppendAsync);

        Assert.All([first, next], failure => Assert.Contains("full", failure.Message, StringComparison.Ordinal));
        Assert.InRange(next.Took, TimeSpan.Zero, TimeSpan.FromSeconds(4));

        await MountAsync("-o", "remount,size=96m", server.Directory);
        await server.RestartAsync();
        while (await TryAppendAsync() is not { Appended: true })
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Token);

        output.WriteLine($"{acknowledged} messages; {first.Message}; told again after {next.Took.TotalSeconds:0.0} s");
        Assert.True((await transport.StateAsync(StreamName.Jobs, Token)).LastSequence > acknowledged);
        await transport.PingAsync(Token);

        Task<AppendResult> AppendAsync() => transport.AppendAsync([new(StreamName.Jobs, "a", new byte[50_000])], Token);

        async Task<AppendResult?> TryAppendAsync()
        {
            try
            {
                return await AppendAsync();
            }
            catch (TransportException)
            {
                return null;
            }
        }
    }

    private static async Task<(string Message, TimeSpan Took)> FailAsync(Func<Task> call)
    {
        var began = Stopwatch.GetTimestamp();
        var failure = await Assert.ThrowsAsync<TransportException>(call);
        return (failure.Message, Stopwatch.GetElapsedTime(began));
    }

    private static Task<bool> MountAsync(params string[] arguments) => RunAsync("mount", arguments);

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
