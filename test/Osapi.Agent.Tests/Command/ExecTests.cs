using Osapi.Operations;
using Osapi.Operations.Command;

namespace Osapi.Agent.Tests.Command;

/// <summary>Tests with real programs: arguments arrive, and results come back.</summary>
public sealed class ExecTests : IDisposable
{
    private readonly CommandFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Arguments_arrive_exactly_as_they_are()
    {
        string[] args =
        [
            "plain", "two words", "", " ", "'single'", "\"double\"", "back\\slash", "$HOME", "`id`", "$(id)", "*", "?", "[a-z]", "~", "a;b", "a|b", "a&b",
            ">out", "#no", "!", "line\nbreak", "tab\t", "\r", "-n", "--", "-", "é ß 日本 🜁", "\u0001\u007f", "%s", "{}", "",
        ];

        var result = await fixture.ResultAsync(new ExecCommand { Command = "sh", Args = ["-c", "for a; do printf '%s\\036' \"$a\"; done", "sh", .. args] });

        Assert.Equal(args, result.Stdout.Split('\u001e')[..^1]);
    }

    [Fact]
    public async Task No_shell_is_involved()
    {
        var result = await fixture.ResultAsync(new ExecCommand { Command = "cat", Args = ["/proc/self/cmdline"] });

        Assert.Equal("cat\0/proc/self/cmdline\0", result.Stdout);
    }

    [Fact]
    public async Task The_program_knows_itself_by_the_name_it_was_called_with()
    {
        File.CreateSymbolicLink(fixture.Path("other-name"), "/bin/cat");

        var result = await fixture.ResultAsync(new ExecCommand { Command = "./other-name", Args = ["/proc/self/cmdline"], Cwd = fixture.Path() });

        Assert.StartsWith("./other-name\0", result.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_is_that_of_the_agent_with_the_requests_on_top()
    {
        Environment.SetEnvironmentVariable("OSAPI_TEST_INHERITED", "of the agent");
        Environment.SetEnvironmentVariable("OSAPI_TEST_REPLACED", "of the agent");

        var result = await fixture.ResultAsync(new ExecCommand
        {
            Command = "env",
            Args = ["-0"],
            Env = new Dictionary<string, string> { ["OSAPI_TEST_REPLACED"] = "of the request", ["odd.name"] = "a=b\nc", ["EMPTY"] = "" },
        });

        var variables = result.Stdout.Split('\0');
        Assert.Contains("OSAPI_TEST_INHERITED=of the agent", variables);
        Assert.Contains("OSAPI_TEST_REPLACED=of the request", variables);
        Assert.Contains("odd.name=a=b\nc", variables);
        Assert.Contains("EMPTY=", variables);
        Assert.Single(variables, variable => variable.StartsWith("OSAPI_TEST_REPLACED=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_is_looked_up_in_the_path_of_the_request()
    {
        File.WriteAllText(fixture.Path("osapi-test-tool"), "#!/bin/sh\necho found\n");
        File.SetUnixFileMode(fixture.Path("osapi-test-tool"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var result = await fixture.ResultAsync(new ExecCommand { Command = "osapi-test-tool", Env = new Dictionary<string, string> { ["PATH"] = "relative::" + fixture.Path() + ":/bin" } });

        Assert.Equal("found\n", result.Stdout);
    }

    [Fact]
    public async Task It_runs_in_the_directory_of_the_request()
    {
        Directory.CreateDirectory(fixture.Path("with space ü"));

        var result = await fixture.ResultAsync(new ExecCommand { Command = "pwd", Args = ["-P"], Cwd = fixture.Path("with space ü") });

        Assert.Equal(fixture.Path("with space ü") + "\n", result.Stdout);
    }

    [Fact]
    public async Task A_directory_that_is_not_absolute_is_seen_from_the_agents_own()
    {
        var relative = System.IO.Path.GetRelativePath(Environment.CurrentDirectory, fixture.Path());

        var result = await fixture.ResultAsync(new ExecCommand { Command = "pwd", Args = ["-P"], Cwd = relative });

        Assert.Equal(fixture.Path() + "\n", result.Stdout);
    }

    [Fact]
    public async Task Without_input_it_reads_an_empty_stream() =>
        Assert.Equal("", (await fixture.ResultAsync(new ExecCommand { Command = "cat" })).Stdout);

    [Fact]
    public async Task Ten_megabytes_of_input_arrive()
    {
        var input = string.Concat(Enumerable.Repeat("0123456789abcdeé", 640 * 1024));

        var result = await fixture.ResultAsync(new ExecCommand { Command = "cat", Stdin = input });

        Assert.True(result.Stdout == input);
        Assert.False(result.StdoutTruncated);
        Assert.False(result.StdoutReplaced);
    }

    [Fact]
    public async Task Input_that_is_not_read_does_not_matter() =>
        Assert.Equal("done\n", (await fixture.ResultAsync(new ExecCommand { Command = "echo", Args = ["done"], Stdin = new string('x', 10_000_000) })).Stdout);

    [Fact]
    public async Task The_two_streams_are_kept_apart()
    {
        var result = await fixture.ResultAsync(new ShellCommand { Command = "echo to out; echo to err >&2" });

        Assert.Equal(("to out\n", "to err\n", 0), (result.Stdout, result.Stderr, result.ExitCode));
    }

    [Fact]
    public async Task Every_exit_code_comes_back_and_only_0_is_a_success()
    {
        for (var code = 0; code <= 255; code++)
        {
            var entry = await fixture.ExecAsync("sh", "-c", $"exit {code}");

            Assert.Equal(code == 0 ? (Outcome.Ok, null, null) : (Outcome.Failed, $"exit code {code}", ErrorType.Failed), (entry.Outcome, entry.Error, entry.ErrorType));
            Assert.True(entry.Changed);
            Assert.Equal((code, null), (CommandFixture.ResultOf(entry).ExitCode, CommandFixture.ResultOf(entry).Signal));
        }
    }

    [Fact]
    public async Task Other_exit_codes_are_a_success_when_they_are_allowed_and_0_is_not_when_it_is_not()
    {
        Assert.Equal(Outcome.Ok, (await AllowingAsync("exit 3", 0, 3)).Outcome);
        Assert.Equal((Outcome.Failed, "exit code 4"), (await AllowingAsync("exit 4", 0, 3)) switch { var entry => (entry.Outcome, entry.Error) });
        Assert.Equal((Outcome.Failed, "exit code 0"), (await AllowingAsync("exit 0", 1)) switch { var entry => (entry.Outcome, entry.Error) });

        Task<HostReply> AllowingAsync(string line, params int[] codes) => fixture.RunAsync(CommandOperations.Shell, new() { Command = line, AllowExitCodes = codes });
    }

    [Theory]
    [InlineData("TERM"), InlineData("KILL"), InlineData("SEGV"), InlineData("PIPE"), InlineData("HUP")]
    public async Task A_signal_is_no_exit_code_and_never_a_success(string signal)
    {
        var entry = await fixture.RunAsync(CommandOperations.Shell, new() { Command = $"echo before; ulimit -c 0; kill -{signal} $$", AllowExitCodes = [.. Enumerable.Range(0, 256)] });

        Assert.Equal((Outcome.Failed, $"ended by SIG{signal}"), (entry.Outcome, entry.Error));
        Assert.Equal((-1, $"SIG{signal}", "before\n"), CommandFixture.ResultOf(entry) switch { var result => (result.ExitCode, result.Signal, result.Stdout) });
    }

    [Fact]
    public async Task The_error_ends_with_the_last_line_that_the_program_wrote_about_it()
    {
        Assert.Equal("exit code 7: the disk is full", (await fixture.ShellAsync("printf 'first\\n  the disk is full \\n\\n' >&2; exit 7")).Error);
        Assert.Equal($"exit code 7: {new string('x', 200)}...", (await fixture.ShellAsync("printf '%0300d' 0 | tr 0 x >&2; exit 7")).Error);
    }

    [Fact]
    public async Task A_line_of_the_shell_may_begin_with_a_hyphen() =>
        Assert.Contains("-c", (await fixture.ShellAsync("-c echo no")).Error, StringComparison.Ordinal);

    [Fact]
    public async Task It_begins_with_default_signals_no_terminal_and_no_descriptors_of_the_agent()
    {
        var descriptors = await fixture.ResultAsync(new ExecCommand { Command = "ls", Args = ["/proc/self/fd"] });
        var result = await fixture.ResultAsync(new ShellCommand { Command = "grep -E '^Sig(Blk|Ign):' /proc/self/status; ps -o tty= -p $$" });

        // The last one is the directory that ls reads.
        Assert.Equal("0\n1\n2\n3\n", descriptors.Stdout);
        var lines = result.Stdout.Split('\n');
        Assert.Equal(["SigBlk:\t0000000000000000", "?"], [lines[0], lines[2]]);
        // glibc keeps the signals 32 and 33 for itself.
        Assert.Equal(0UL, Convert.ToUInt64(lines[1].Split('\t')[1], 16) & ~0x1_8000_0000UL);
    }

    [Fact]
    public async Task The_result_has_the_duration()
    {
        var result = await fixture.ResultAsync(new ExecCommand { Command = "sleep", Args = ["0.2"] });

        Assert.InRange(result.DurationMs, 200, 20_000);
    }
}
