using Osapi.Operations;
using Osapi.Operations.Command;

namespace Osapi.Agent.Tests.Command;

/// <summary>Tests that guards keep a command from running, with the reason.</summary>
public sealed class GuardTests : IDisposable
{
    private readonly CommandFixture fixture = new();

    public GuardTests() => File.WriteAllText(fixture.Path("there"), "");

    public static TheoryData<bool, bool, bool, bool> All =>
        [.. from bits in Enumerable.Range(0, 16) select ((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0)];

    public void Dispose() => fixture.Dispose();

    [Theory, MemberData(nameof(All))]
    public async Task It_runs_only_if_every_guard_passes_and_the_first_that_fails_is_the_reason(bool creates, bool removes, bool unless, bool onlyif)
    {
        // True: the guard lets it run.
        var entry = await RunAsync(new()
        {
            Command = "echo ran > ran",
            Creates = creates ? "not-there" : "there",
            Removes = removes ? "there" : "not-there",
            Unless = unless ? "exit 1" : "true",
            Onlyif = onlyif ? "true" : "exit 3",
        });

        var reason = !creates ? "creates: there exists"
            : !removes ? "removes: not-there does not exist"
            : !unless ? "unless: true (exit code 0)"
            : !onlyif ? "onlyif: exit 3 (exit code 3)"
            : null;
        Assert.Equal((reason is null ? Outcome.Ok : Outcome.Skipped, reason, reason is null), (entry.Outcome, entry.Error, entry.Changed));
        Assert.Equal(reason is null, File.Exists(fixture.Path("ran")));
    }

    [Fact]
    public async Task Guards_hold_for_programs_as_for_lines()
    {
        var entry = await fixture.RunAsync(CommandOperations.Exec, new() { Command = "touch", Args = ["ran"], Cwd = fixture.Path(), Creates = "there" });

        Assert.Equal(Outcome.Skipped, entry.Outcome);
        Assert.False(File.Exists(fixture.Path("ran")));
    }

    [Theory]
    [InlineData("dir", true)]
    [InlineData("dir/", true)]
    [InlineData("dangling", true)]
    [InlineData("fifo", true)]
    [InlineData("there/below", false)]
    [InlineData("none", false)]
    public async Task A_path_exists_whatever_it_is(string name, bool exists)
    {
        Directory.CreateDirectory(fixture.Path("dir"));
        File.CreateSymbolicLink(fixture.Path("dangling"), "/nowhere");
        await fixture.ShellAsync($"mkfifo {fixture.Path("fifo")}");

        var relative = await RunAsync(new() { Command = "true", Creates = name });
        var absolute = await RunAsync(new() { Command = "true", Creates = fixture.Path(name) });

        Assert.Equal(exists ? (Outcome.Skipped, Outcome.Skipped) : (Outcome.Ok, Outcome.Ok), (relative.Outcome, absolute.Outcome));
    }

    [Fact]
    public async Task Guard_lines_run_where_and_with_what_the_command_runs_but_leave_its_input_alone()
    {
        var entry = await RunAsync(new()
        {
            Command = "cat",
            Env = new Dictionary<string, string> { ["NAME"] = "there" },
            Onlyif = "cat; test -f \"$NAME\"",
            Stdin = "for the command",
        });

        Assert.Equal("for the command", CommandFixture.ResultOf(entry).Stdout);
    }

    [Fact]
    public async Task A_guard_line_that_cannot_run_or_is_killed_does_not_succeed()
    {
        Assert.Equal((Outcome.Skipped, "onlyif: no-such-program-at-all (exit code 127)"), await RunAsync(new() { Command = "true", Onlyif = "no-such-program-at-all" }) switch { var entry => (entry.Outcome, entry.Error) });
        Assert.Equal((Outcome.Skipped, "onlyif: kill -9 $$ (ended by SIGKILL)"), await RunAsync(new() { Command = "true", Onlyif = "kill -9 $$" }) switch { var entry => (entry.Outcome, entry.Error) });
        Assert.Equal(Outcome.Ok, (await RunAsync(new() { Command = "true", Unless = "no-such-program-at-all" })).Outcome);
        Assert.Equal(Outcome.Ok, (await RunAsync(new() { Command = "true", Unless = "kill -9 $$" })).Outcome);
    }

    [Fact]
    public async Task A_guard_shares_the_time_limit_and_is_ended_with_it()
    {
        var entry = await RunAsync(new() { Command = "echo ran > ran", Unless = "echo $$ > pid; exec sleep 310", Timeout = 1 });

        Assert.Equal((Outcome.Failed, ErrorType.Timeout, "timed out after 1 s, in its guard unless, before the command itself ran, terminated"), (entry.Outcome, entry.ErrorType, entry.Error));
        Assert.DoesNotContain(await Processes.ReadAsync(fixture.Path("pid"), 1), Processes.Runs);
        Assert.False(File.Exists(fixture.Path("ran")));
    }

    [Fact]
    public async Task The_reason_shows_only_the_beginning_of_a_long_line()
    {
        var entry = await RunAsync(new() { Command = "true", Unless = "true #" + new string('x', 100_000) });

        Assert.Equal($"unless: true #{new string('x', 194)}... (exit code 0)", entry.Error);
    }

    private Task<HostReply> RunAsync(ShellCommand request) => fixture.RunAsync(CommandOperations.Shell, request with { Cwd = fixture.Path() });
}
