using System.Diagnostics;
using Osapi.Operations.Command;

namespace Osapi.Agent.Tests.Command;

/// <summary>Tests of output of every kind and size.</summary>
public sealed class OutputTests : IDisposable
{
    private readonly CommandFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task A_hundred_megabytes_are_truncated_at_the_limit_and_flagged()
    {
        var result = await fixture.ResultAsync(new ShellCommand { Command = "head -c 104857600 /dev/zero | tr '\\0' x" });

        Assert.Equal((64 * 1024 * 1024, true, false, false), (result.Stdout.Length, result.StdoutTruncated, result.StderrTruncated, result.StdoutReplaced));
        Assert.True(result.Stdout.AsSpan().ContainsAnyExcept('x') == false);
    }

    [Fact]
    public async Task Output_that_just_fits_is_not_cut()
    {
        using CommandFixture small = new() { Host = new() { Name = "here", OutputLimit = 1000 } };

        Assert.False((await small.ResultAsync(new ShellCommand { Command = "head -c 1000 /dev/zero" })).StdoutTruncated);
        Assert.True((await small.ResultAsync(new ShellCommand { Command = "head -c 1001 /dev/zero" })).StdoutTruncated);
    }

    [Fact]
    public async Task A_character_that_the_limit_would_cut_in_two_is_left_out_whole()
    {
        using CommandFixture small = new() { Host = new() { Name = "here", OutputLimit = 6 } };

        var result = await small.ResultAsync(new ExecCommand { Command = "printf", Args = ["日🜁日"] });

        Assert.Equal(("日", true, false), (result.Stdout, result.StdoutTruncated, result.StdoutReplaced));
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_replaced_and_the_stream_is_flagged()
    {
        var result = await fixture.ResultAsync(new ShellCommand { Command = @"printf 'a\377b\303'; printf 'a\303\251\0b' >&2" });

        Assert.Equal(("a\ufffdb\ufffd", true), (result.Stdout, result.StdoutReplaced));
        Assert.Equal(("aé\0b", false), (result.Stderr, result.StderrReplaced));
    }

    [Fact]
    public async Task Binary_output_comes_back_without_an_error()
    {
        var result = await fixture.ResultAsync(new ExecCommand { Command = "head", Args = ["-c", "1000000", "/dev/urandom"] });

        Assert.True(result.StdoutReplaced);
        Assert.False(result.StdoutTruncated);
    }

    [Fact]
    public async Task Both_streams_at_once_do_not_wait_for_each_other()
    {
        var result = await fixture.ResultAsync(new ShellCommand
        {
            Command = "for i in 1 2 3 4 5 6 7 8 9 10; do head -c 1000000 /dev/zero | tr '\\0' o; head -c 1000000 /dev/zero | tr '\\0' e >&2; done; cat | wc -c",
            Stdin = new string('i', 5_000_000),
        });

        Assert.Equal(("5000000\n", 10_000_000), (result.Stdout[10_000_000..], result.Stderr.Length));
        Assert.DoesNotContain('e', result.Stdout);
        Assert.DoesNotContain('o', result.Stderr);
    }

    [Fact]
    public async Task Everything_that_the_program_wrote_is_there_when_something_else_keeps_its_output_open()
    {
        // A pipe holds 65,536 bytes: all of them are already written when the shell ends.
        var result = await fixture.ResultAsync(new ShellCommand { Command = $"sleep 300 & echo $! > {fixture.Path("pid")}; head -c 65536 /dev/zero | tr '\\0' x" });

        using var sleeper = Process.GetProcessById(int.Parse(File.ReadAllText(fixture.Path("pid")), System.Globalization.CultureInfo.InvariantCulture));
        Assert.False(sleeper.HasExited);
        sleeper.Kill();
        Assert.Equal(65536, result.Stdout.Length);
    }

    [Fact]
    public async Task Something_that_writes_for_ever_does_not_hold_up_the_answer()
    {
        var result = await fixture.ResultAsync(new ShellCommand { Command = $"yes & echo $! > {fixture.Path("pid")}" });

        Assert.StartsWith("y\n", result.Stdout, StringComparison.Ordinal);
        await Processes.EndOfAsync(int.Parse(File.ReadAllText(fixture.Path("pid")), System.Globalization.CultureInfo.InvariantCulture));
    }
}
