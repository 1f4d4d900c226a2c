using System.Security.Cryptography;
using System.Text;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of 50 MB of output on their way through a broker, while one of the processes is killed.</summary>
public sealed class OutputFaultTests : CliTest
{
    private const int Bytes = 50_000_000;
    private const int Stop = 19;
    private const int Continue = 18;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fifty_megabytes_come_whole_and_are_read_while_the_command_runs()
    {
        await using var parts = await KillableParts.StartAsync(fixture);
        var id = await parts.SubmitAsync($"seq 1 100000000 | head -c 25000000; until test -e {fixture.Directory}/go; do sleep 0.1; done; seq 1 100000000 | head -c 25000000");
        await using var content = await parts.Http.GetStreamAsync(new Uri($"job/{id}/output?follow=true", UriKind.Relative), Token);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Assert.InRange(await ReadAsync(content, hash, 24_000_000), 24_000_000, 25_000_000);
        fixture.File("go", "");
        await ReadAsync(content, hash, Bytes);

        Assert.Equal(await ExpectedAsync("seq 1 100000000 | head -c 25000000; seq 1 100000000 | head -c 25000000"), Convert.ToHexStringLower(hash.GetHashAndReset()));
        Assert.Equal("completed", await parts.EndAsync(id));
    }

    [Fact]
    public async Task An_agent_that_is_killed_after_its_command_ended_delivers_all_of_it_later()
    {
        await using var parts = await KillableParts.StartAsync(fixture);
        var id = await parts.SubmitAsync($"touch {fixture.Directory}/begun; until test -e {fixture.Directory}/go; do sleep 0.1; done; seq 1 100000000 | head -c {Bytes}");
        await UntilAsync(() => File.Exists(Path.Combine(fixture.Directory, "begun")));
        // The store answers no more, so that all of it waits on the host.
        parts.Broker.Signal(Stop);
        fixture.File("go", "");
        await UntilAsync(() => Text(Path.Combine(fixture.Directory, "agent", "ledger", "ledger")).Contains("\"stdout_bytes\":50000000", StringComparison.Ordinal));
        parts.Agent.Signal(RunningProgram.Kill);
        await parts.Agent.EndAsync();
        parts.Broker.Signal(Continue);
        await parts.StartAgentAsync();

        Assert.Equal("completed", await parts.EndAsync(id));
        Assert.Equal(await ExpectedAsync($"seq 1 100000000 | head -c {Bytes}"), await parts.HashAsync(id));
        Assert.Empty(Directory.GetFiles(Path.Combine(fixture.Directory, "agent", "output")));
    }

    [Fact]
    public async Task An_agent_that_is_killed_while_its_command_runs_leaves_what_arrived()
    {
        await using var parts = await KillableParts.StartAsync(fixture);
        var id = await parts.SubmitAsync($"seq 1 100000000 | head -c {Bytes}; touch {fixture.Directory}/written; sleep 60");
        await UntilAsync(() => File.Exists(Path.Combine(fixture.Directory, "written")));
        parts.Agent.Signal(RunningProgram.Kill);
        await parts.Agent.EndAsync();
        await parts.StartAgentAsync();

        Assert.Equal("failed", await parts.EndAsync(id));
        using var job = await parts.JobAsync(id);
        Assert.Equal("unknown", job.RootElement.GetProperty("responses").GetProperty("web-01").GetProperty("outcome").GetString());
        // All that was read from the command's pipe; the rest of a pipe's 64 KiB went with the agent.
        var output = await parts.OutputAsync(id);
        Assert.InRange(output.Length, Bytes - (1024 * 1024), Bytes);
        Assert.Equal(await ExpectedAsync($"seq 1 100000000 | head -c {output.Length}"), Convert.ToHexStringLower(SHA256.HashData(output)));
    }

    [Fact]
    public async Task A_broker_that_is_killed_meanwhile_loses_nothing()
    {
        await using var parts = await KillableParts.StartAsync(fixture);
        var id = await parts.SubmitAsync(Slow($"{fixture.Directory}/begun"));
        await UntilAsync(() => File.Exists(Path.Combine(fixture.Directory, "begun")));
        parts.Broker.Signal(RunningProgram.Kill);
        await parts.Broker.EndAsync();
        await parts.StartBrokerAsync();

        Assert.Equal("completed", await parts.EndAsync(id));
        Assert.Equal(await ExpectedAsync(Slow("/dev/null")), await parts.HashAsync(id));
    }

    [Fact]
    public async Task A_controller_that_is_killed_meanwhile_loses_nothing()
    {
        await using var parts = await KillableParts.StartAsync(fixture);
        var id = await parts.SubmitAsync(Slow($"{fixture.Directory}/begun"));
        await UntilAsync(() => File.Exists(Path.Combine(fixture.Directory, "begun")));
        parts.Controller.Program.Signal(RunningProgram.Kill);
        await parts.Controller.Program.EndAsync();
        await parts.StartControllerAsync();

        Assert.Equal("completed", await parts.EndAsync(id));
        Assert.Equal(await ExpectedAsync(Slow("/dev/null")), await parts.HashAsync(id));
    }

    // 50 MB within some seconds; the file tells that a tenth is written.
    private static string Slow(string begun) =>
        $"for i in 1 2 3 4 5 6 7 8 9 10; do seq $i 100000000 | head -c 5000000; test $i = 2 && touch {begun}; sleep 0.3; done; true";

    private static async Task<int> ReadAsync(Stream content, IncrementalHash hash, int atLeast)
    {
        var buffer = new byte[81_920];
        var read = 0;
        while (read < atLeast && await content.ReadAsync(buffer, Token) is > 0 and var count)
        {
            hash.AppendData(buffer, 0, count);
            read += count;
        }

        return read;
    }

    private async Task<string> ExpectedAsync(string command)
    {
        var path = Path.Combine(fixture.Directory, "expected");
        (await fixture.RunProgramAsync("/bin/sh", "-c", $"({command}) > {path}")).With(0);
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, Token));
    }

    private static async Task UntilAsync(Func<bool> met)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(TimeSpan.FromSeconds(60));
        while (!met())
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, timeout.Token);
    }

    private static string Text(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using StreamReader reader = new(file, Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
