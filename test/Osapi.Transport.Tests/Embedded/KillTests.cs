using System.Diagnostics;
using System.Globalization;
using Osapi.Transport.Embedded;
using Osapi.Transport.Tests.Contract;

namespace Osapi.Transport.Tests.Embedded;

public sealed class KillTests(ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Acknowledged_messages_survive_a_kill_at_any_instant()
    {
        var rounds = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? 200 : 20;
        var seed = Environment.GetEnvironmentVariable("OSAPI_TEST_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        Random random = new(seed);
        var directory = Directory.CreateTempSubdirectory("osapi-kill-").FullName;
        Dictionary<long, string> acknowledged = [];
        long stored = 0;
        try
        {
            for (var round = 0; round < rounds; round++)
            {
                await AppendUntilKilledAsync(directory, random, acknowledged);
                stored = await CheckAsync(directory, acknowledged);
            }
        }
        finally
        {
            output.WriteLine($"seed {seed}: {rounds} kills, {acknowledged.Count} messages acknowledged, {stored} stored");
        }

        Directory.Delete(directory, recursive: true);
        Assert.True(acknowledged.Count > rounds);
    }

    /// <summary>Kills the process, during its start as likely as during appends, and reads its output so far.</summary>
    private static async Task AppendUntilKilledAsync(string directory, Random random, Dictionary<long, string> acknowledged)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Appender.Argument, directory]) { RedirectStandardOutput = true })!;
        var after = random.Next(2) == 0 ? random.Next(1, 400) : int.MaxValue;
        using CancellationTokenSource instant = new();
        await using var kill = instant.Token.UnsafeRegister(_ => process.Kill(), null);
        if (after == int.MaxValue)
            instant.CancelAfter(TimeSpan.FromMilliseconds(random.NextDouble() * 400));

        for (var seen = 1; await process.StandardOutput.ReadLineAsync(Token) is { } line; seen++)
        {
            // The last line may be cut short.
            if (line.Split(' ') is [var sequence, { Length: 32 } text])
                Assert.True(acknowledged.TryAdd(long.Parse(sequence, CultureInfo.InvariantCulture), text), $"{sequence} was acknowledged twice.");
            if (seen == after)
            {
                var busy = await Assert.ThrowsAsync<StateDirectoryBusyException>(() => EmbeddedTransport.OpenAsync(new() { Directory = directory }, Token));
                Assert.Equal(process.Id, busy.Holder);
                await instant.CancelAsync();
            }
        }

        await process.WaitForExitAsync(Token);
        Assert.Equal(128 + 9, process.ExitCode);
    }

    /// <summary>Checks that every acknowledged message is there, and that the log has neither gaps nor repetitions.</summary>
    private static async Task<long> CheckAsync(string directory, Dictionary<long, string> acknowledged)
    {
        await using var transport = await EmbeddedTransport.OpenAsync(new() { Directory = directory }, Token);
        var last = (await transport.StateAsync(StreamName.Jobs, Token)).LastSequence;
        Assert.True(last >= acknowledged.Keys.DefaultIfEmpty().Max());
        await using var follower = transport.FollowAsync(StreamName.Jobs, "", 0, Token).GetAsyncEnumerator(Token);
        for (long sequence = 1; sequence <= last; sequence++)
        {
            var message = await follower.NextAsync();
            Assert.Equal(sequence, message.Sequence);
            if (acknowledged.TryGetValue(sequence, out var text))
                Assert.Equal(text, message.Text());
        }

        return last;
    }
}
