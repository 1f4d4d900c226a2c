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
    private SmallDisk? disk;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => disk = await SmallDisk.MountAsync(server.Directory, size: "24m");

    public async ValueTask DisposeAsync()
    {
        if (server.IsRunning)
            await server.KillAsync();
        if (disk is not null)
            await disk.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Calls_name_the_cause_at_once_and_succeed_after_a_restart_with_free_space()
    {
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

        await disk!.ResizeAsync("96m");
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
}
