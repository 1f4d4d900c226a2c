using System.Text;
using Osapi.Client;
using Osapi.Hosting;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Controller.Tests.Embedded;

/// <summary>Tests of output from the process on the host to the reader, whole and byte for byte.</summary>
public sealed class OutputSystemTests : NodeTest
{
    private const int Chunk = 512 * 1024;
    private const string Host = "web-01";

    private protected override NodeOptions Options => base.Options with { Agent = new() { Hostname = Host, Output = new() { MaxBytes = 16 * 1024 * 1024, MaxSpoolBytes = 24 * 1024 * 1024 } } };

    private string Spool => Path.Combine(State, "output");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(128 * 1024)]
    [InlineData((128 * 1024) + 1)]
    [InlineData(Chunk - 1)]
    [InlineData(Chunk)]
    [InlineData(Chunk + 1)]
    [InlineData(3 * Chunk)]
    [InlineData(5_000_000)]
    public async Task Output_of_any_size_comes_whole_on_every_way(int size)
    {
        var written = Text(size);
        await File.WriteAllBytesAsync(Path.Combine(directory, "written"), written, Token);
        await using var system = await OsapiNode.StartAsync(Options, Token);
        using var client = system.CreateClient();

        var answer = await client.Command.ShellAsync(Host, new() { Command = $"cat {directory}/written; echo done >&2" }, new() { MaxOutput = long.MaxValue }, Token);

        var result = Assert.Single(answer.Hosts).Result!;
        Assert.Equal(Encoding.UTF8.GetString(written), result.Stdout);
        Assert.Equal((false, false, "done\n"), (result.StdoutTruncated, result.StdoutReplaced, result.Stderr));
        Assert.Equal(written, await OutputAsync(client, answer.JobId));
        Assert.Equal(written, await OutputAsync(client, answer.JobId, follow: true));
        Assert.Equal("done\n"u8.ToArray(), await OutputAsync(client, answer.JobId, OutputStream.Stderr));
        var detail = await client.Job.GetAsync(answer.JobId, new() { MaxOutput = long.MaxValue }, Token);
        Assert.Equal(result.Stdout, detail.Result!.Value.GetProperty("stdout").GetString());
        Assert.Equal(result.Stdout, detail.Responses[Host].Data!.Value.GetProperty("stdout").GetString());
        Assert.Empty(Directory.Exists(Spool) ? Directory.GetFiles(Spool) : []);
    }

    [Fact]
    public async Task Small_output_needs_no_file()
    {
        await using var system = await OsapiNode.StartAsync(Options, Token);
        using var client = system.CreateClient();

        await client.Command.ShellAsync(Host, new() { Command = "head -c 131072 /dev/zero" }, cancellationToken: Token);

        Assert.False(Directory.Exists(Spool));
    }

    [Fact]
    public async Task A_caller_gets_the_beginning_and_the_end_of_what_is_larger_than_it_asked_for()
    {
        await using var system = await OsapiNode.StartAsync(Options, Token);
        using var client = system.CreateClient();

        var answer = await client.Command.ShellAsync(Host, new() { Command = "echo begin; head -c 2000000 /dev/zero | tr '\\0' x; echo end" }, cancellationToken: Token);

        var result = Assert.Single(answer.Hosts).Result!;
        Assert.Equal((true, 2_000_010L), (result.StdoutTruncated, result.StdoutBytes));
        Assert.StartsWith("begin\nxxx", result.Stdout, StringComparison.Ordinal);
        Assert.EndsWith("xend\n", result.Stdout, StringComparison.Ordinal);
        Assert.Contains($"\n[... {2_000_010 - (128 * 1024):N0} bytes left out ...]\n", result.Stdout, StringComparison.Ordinal);
        Assert.Equal(2_000_010, (await OutputAsync(client, answer.JobId)).Length);
    }

    [Fact]
    public async Task Binary_output_keeps_its_bytes()
    {
        var written = new byte[2_000_000];
        Random.Shared.NextBytes(written);
        await File.WriteAllBytesAsync(Path.Combine(directory, "written"), written, Token);
        await using var system = await OsapiNode.StartAsync(Options, Token);
        using var client = system.CreateClient();

        var answer = await client.Command.ExecAsync(Host, new() { Command = "cat", Args = [$"{directory}/written"] }, new() { MaxOutput = long.MaxValue }, Token);

        var result = Assert.Single(answer.Hosts).Result!;
        Assert.True(result.StdoutReplaced);
        Assert.Equal(Encoding.UTF8.GetString(written), result.Stdout);
        Assert.Equal(written, await OutputAsync(client, answer.JobId));
    }

    [Fact]
    public async Task Beyond_the_limit_the_stream_is_cut_and_flagged_and_the_command_goes_on()
    {
        await using var system = await OsapiNode.StartAsync(Options, Token);
        using var client = system.CreateClient();

        var answer = await client.Command.ShellAsync(
            Host, new() { Command = $"head -c 20000000 /dev/zero; head -c 20000000 /dev/zero >&2; touch {directory}/after" }, new() { MaxOutput = long.MaxValue }, Token);

        var result = Assert.Single(answer.Hosts).Result!;
        Assert.True(File.Exists(Path.Combine(directory, "after")));
        Assert.Equal((true, 20_000_000L, true, 20_000_000L), (result.StdoutTruncated, result.StdoutBytes, result.StderrTruncated, result.StderrBytes));
        // The limit of one stream, and what the host's quota leaves for the other.
        Assert.Equal(16 * 1024 * 1024, (await OutputAsync(client, answer.JobId)).Length);
        Assert.Equal(8 * 1024 * 1024, (await OutputAsync(client, answer.JobId, OutputStream.Stderr)).Length);
        // The quota is free again.
        var next = await client.Command.ShellAsync(Host, new() { Command = "head -c 16000000 /dev/zero" }, new() { MaxOutput = long.MaxValue }, Token);
        Assert.False(Assert.Single(next.Hosts).Result!.StdoutTruncated);
    }

    [Fact]
    public async Task A_deleted_job_takes_its_output_with_it()
    {
        await using var system = await OsapiNode.StartAsync(Options, Token);
        using var client = system.CreateClient();
        var answer = await client.Command.ShellAsync(Host, new() { Command = "head -c 3000000 /dev/zero" }, cancellationToken: Token);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(State, "objects")));

        await client.Job.DeleteAsync(answer.JobId, cancellationToken: Token);

        Assert.Empty(Directory.GetFiles(Path.Combine(State, "objects")));
        await Assert.ThrowsAsync<NotFoundException>(() => client.Job.OpenOutputAsync(answer.JobId, cancellationToken: Token));
    }

    [Fact]
    public async Task Two_followers_read_what_is_written_while_the_command_runs()
    {
        await using var system = await OsapiNode.StartAsync(Options, Token);
        using var client = system.CreateClient();
        var id = JobId.New();
        var call = client.Command.ShellAsync(
            Host, new() { Command = $"head -c 1048576 /dev/zero; until test -e {directory}/go; do sleep 0.05; done; echo end", Timeout = 60 }, new() { JobId = id }, Token);

        await using var first = await client.Job.OpenOutputAsync(id, follow: true, cancellationToken: Token);
        await using var second = await client.Job.OpenOutputAsync(id, Host, follow: true, cancellationToken: Token);
        var buffer = new byte[1024 * 1024];
        await first.ReadExactlyAsync(buffer, Token);
        await second.ReadExactlyAsync(buffer, Token);
        Assert.False(call.IsCompleted);
        // One goes away in the middle.
        await second.DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(directory, "go"), "", Token);

        using StreamReader rest = new(first);
        Assert.Equal("end\n", await rest.ReadToEndAsync(Token));
        Assert.Equal(Outcome.Ok, Assert.Single((await call).Hosts).Outcome);
    }

    [Theory]
    [InlineData("one\\n", "two\\n")]
    [InlineData("\\303", "\\251!")]
    [InlineData("a\\377b", "c\\n")]
    public async Task A_follower_sees_little_output_while_the_command_runs(string before, string after)
    {
        await using var system = await OsapiNode.StartAsync(Options, Token);
        using var client = system.CreateClient();
        var id = JobId.New();
        var call = client.Command.ShellAsync(
            Host, new() { Command = $"printf '{before}'; until test -e {directory}/go; do sleep 0.05; done; printf '{after}'", Timeout = 60 }, new() { JobId = id }, Token);

        await using var output = await client.Job.OpenOutputAsync(id, follow: true, cancellationToken: Token);
        List<byte> read = [];
        var one = new byte[1];
        await output.ReadExactlyAsync(one, Token);
        read.Add(one[0]);
        Assert.False(call.IsCompleted);
        await File.WriteAllTextAsync(Path.Combine(directory, "go"), "", Token);
        using MemoryStream rest = new();
        await output.CopyToAsync(rest, Token);
        read.AddRange(rest.ToArray());

        Assert.Equal(Assert.Single((await call).Hosts).Result!.Stdout, Encoding.UTF8.GetString([.. read]));
    }

    [Fact]
    public async Task The_wrong_host_stream_and_job_are_refused()
    {
        await using var system = await OsapiNode.StartAsync(Options, Token);
        using var client = system.CreateClient();
        var id = (await client.Command.ShellAsync(Host, new() { Command = "true" }, cancellationToken: Token)).JobId;

        await Assert.ThrowsAsync<NotFoundException>(() => client.Job.OpenOutputAsync(id, "web-02", cancellationToken: Token));
        await Assert.ThrowsAsync<NotFoundException>(() => client.Job.OpenOutputAsync(JobId.New(), cancellationToken: Token));
    }

    private static async Task<byte[]> OutputAsync(OsapiClient client, JobId id, OutputStream stream = OutputStream.Stdout, bool follow = false)
    {
        await using var output = await client.Job.OpenOutputAsync(id, stream: stream, follow: follow, cancellationToken: Token);
        using MemoryStream bytes = new();
        await output.CopyToAsync(bytes, Token);
        return bytes.ToArray();
    }

    // Characters of one to four bytes, and some that JSON escapes, so that every border of a chunk comes within one.
    private static byte[] Text(int size)
    {
        var pattern = Encoding.UTF8.GetBytes("aé日🜁\"\\\n\t\u0001<");
        var text = new byte[size];
        for (var at = 0; at < size; at += pattern.Length)
            pattern.AsSpan(0, Math.Min(pattern.Length, size - at)).CopyTo(text.AsSpan(at));
        // Ends with a complete character.
        for (var at = size - 1; at >= 0 && text[at] >= 0x80; at--)
            text[at] = (byte)'.';
        return text;
    }
}
