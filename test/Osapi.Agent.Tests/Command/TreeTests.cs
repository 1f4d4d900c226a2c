using System.Diagnostics;
using Osapi.Agent.Hosts.Processes;
using Osapi.Operations;
using Osapi.Operations.Command;

namespace Osapi.Agent.Tests.Command;

/// <summary>
/// Tests that everything a command starts ends with it when it is stopped, found by its group or by its marker alone.
/// </summary>
public sealed class TreeTests : IDisposable
{
    // Depth 4, each writing its id; among them a double fork whose parent is gone, separate sessions, a cleared
    // environment, and processes that ignore SIGTERM.
    private const string Tree = """
        echo started
        echo $$ >> pids
        sh -c 'echo $$ >> pids; sh -c "echo \$\$ >> pids; sh -c \"echo \\\$\\\$ >> pids; sleep 301 & echo \\\$! >> pids; wait\" & wait" & wait' &
        (setsid sh -c '(trap "" TERM; exec sh -c "echo \$\$ >> pids; while :; do sleep 302; done") & exit' &)
        setsid sh -c 'trap "" TERM HUP INT; echo $$ >> pids; while :; do sleep 303; done' &
        env -i /bin/sh -c 'echo $$ >> pids; trap "" TERM; while :; do /bin/sleep 304; done' &
        wait
        """;

    private const int TreeSize = 8;

    private readonly CommandFixture fixture = new();

    public static TheoryData<string> Means => ["cgroup", "mark"];

    public void Dispose() => fixture.Dispose();

    [Theory, MemberData(nameof(Means))]
    public async Task The_end_of_its_time_ends_the_whole_tree(string means)
    {
        using var marked = Room(means);

        var entry = await marked.RunAsync(CommandOperations.Shell, new() { Command = Tree, Cwd = marked.Path(), Timeout = 2 });

        Assert.Equal((Outcome.Failed, ErrorType.Timeout, "timed out after 2 s, killed", true), (entry.Outcome, entry.ErrorType, entry.Error, entry.Changed));
        Assert.Equal("started\n", CommandFixture.ResultOf(entry).Stdout);
        var pids = await Processes.ReadAsync(marked.Path("pids"), TreeSize);
        Assert.Equal(TreeSize, pids.Count);
        Assert.DoesNotContain(pids, Processes.Runs);
    }

    [Theory, MemberData(nameof(Means))]
    public async Task A_cancel_ends_the_whole_tree_within_two_seconds_each_time(string means)
    {
        for (var round = 0; round < 5; round++)
        {
            using var marked = Room(means);
            using CancellationTokenSource cancel = new();
            var running = marked.RunAsync(CommandOperations.Shell, new() { Command = Tree, Cwd = marked.Path() }, cancel.Token);
            var pids = await Processes.ReadAsync(marked.Path("pids"), TreeSize);
            var alive = pids.Count(Processes.Runs);
            var start = Stopwatch.GetTimestamp();
            await cancel.CancelAsync();

            var entry = await running;

            var took = Stopwatch.GetElapsedTime(start);
            Assert.Equal(TreeSize, alive);
            Assert.DoesNotContain(pids, Processes.Runs);
            Assert.Equal((Outcome.Cancelled, ErrorType.Cancelled, "cancelled while it ran, killed"), (entry.Outcome, entry.ErrorType, entry.Error));
            Assert.Equal("started\n", CommandFixture.ResultOf(entry).Stdout);
            Assert.True(took < TimeSpan.FromSeconds(2), $"round {round}: {took}");
        }
    }

    [Theory, MemberData(nameof(Means))]
    public async Task Programs_that_handle_SIGTERM_are_only_terminated_and_their_last_output_is_kept(string means)
    {
        using var marked = Room(means);
        using CancellationTokenSource cancel = new();
        // Between its fork and its exec, the child of a shell loses signals.
        const string Program = "trap 'echo bye; exit 5' TERM; echo hello; echo error >&2; sleep 300 & until grep -q sleep /proc/$!/comm; do :; done; echo $$ >> pids; wait";
        var running = marked.RunAsync(CommandOperations.Shell, new() { Command = Program, Cwd = marked.Path() }, cancel.Token);
        await Processes.ReadAsync(marked.Path("pids"), 1);
        await cancel.CancelAsync();

        var entry = await running;

        Assert.Equal("cancelled while it ran, terminated", entry.Error);
        var result = CommandFixture.ResultOf(entry);
        Assert.Equal(("hello\nbye\n", "error\n", 5, null, true), (result.Stdout, result.Stderr, result.ExitCode, result.Signal, result.Changed));
    }

    [Fact]
    public async Task The_result_of_a_killed_program_names_the_signal()
    {
        using CancellationTokenSource cancel = new();
        var running = fixture.RunAsync(CommandOperations.Shell, new() { Command = "trap '' TERM; echo $$ >> pids; while :; do sleep 300; done", Cwd = fixture.Path() }, cancel.Token);
        await Processes.ReadAsync(fixture.Path("pids"), 1);
        await cancel.CancelAsync();

        Assert.Equal((-1, "SIGKILL"), CommandFixture.ResultOf(await running) switch { var result => (result.ExitCode, result.Signal) });
    }

    [Fact]
    public async Task A_stopped_process_is_woken_to_be_terminated()
    {
        using CancellationTokenSource cancel = new();
        var running = fixture.RunAsync(CommandOperations.Shell, new() { Command = "echo $$ >> pids; kill -STOP $$", Cwd = fixture.Path() }, cancel.Token);
        await Processes.ReadAsync(fixture.Path("pids"), 1);
        await cancel.CancelAsync();

        Assert.Equal("cancelled while it ran, terminated", (await running).Error);
    }

    [Theory, MemberData(nameof(Means))]
    public async Task Processes_left_by_a_command_that_ended_by_itself_continue(string means)
    {
        using var marked = Room(means);
        var result = await marked.ResultAsync(new ShellCommand { Command = "setsid sh -c 'echo $$ >> pids; exec sleep 305' > /dev/null 2>&1 & sleep 306 & echo $! >> pids; echo done", Cwd = marked.Path() });
        var pids = await Processes.ReadAsync(marked.Path("pids"), 2);

        Assert.Equal("done\n", result.Stdout);
        Assert.All(pids, pid => Assert.True(Processes.Runs(pid)));
        Assert.False(marked.Host.AgentCgroup is { } own && Directory.Exists(Path.Join(own, "osapi-" + marked.Host.Marker.Value)));

        // The remaining process still has the marker.
        await marked.Host.EndLeftoversAsync(marked.Host.Marker);
        Assert.DoesNotContain(pids, Processes.Runs);
    }

    [Fact]
    public async Task A_job_ends_its_own_processes_only()
    {
        using CommandFixture other = new();
        using CancellationTokenSource cancel = new();
        var stays = other.RunAsync(CommandOperations.Shell, new() { Command = "echo $$ >> pids; exec sleep 307", Cwd = other.Path() }, cancel.Token);
        var pids = await Processes.ReadAsync(other.Path("pids"), 1);

        await fixture.RunAsync(CommandOperations.Shell, new() { Command = "sleep 308", Timeout = 1 });

        Assert.All(pids, pid => Assert.True(Processes.Runs(pid)));
        await cancel.CancelAsync();
        await stays;
    }

    [Theory, MemberData(nameof(Means))]
    public async Task An_agent_inside_of_a_command_belongs_to_it_with_all_that_it_runs(string means)
    {
        using var marked = Room(means);
        using CancellationTokenSource cancel = new();
        // The behaviour of an agent that finds a marker in its own environment.
        var line = $"OSAPI_JOB={new ProcessMarker("inner").Inherit(marked.Host.Marker.Value)} setsid sh -c 'echo $$ >> pids; sleep 309' & wait";
        var running = marked.RunAsync(CommandOperations.Shell, new() { Command = line, Cwd = marked.Path() }, cancel.Token);
        var pids = await Processes.ReadAsync(marked.Path("pids"), 1);
        await cancel.CancelAsync();
        await running;

        Assert.DoesNotContain(pids, Processes.Runs);
    }

    private static CommandFixture Room(string means)
    {
        if (means == "mark")
            return new() { Host = new() { Name = "here", AgentCgroup = null } };
        Assert.SkipWhen(AgentCgroup.Directory is null, "SKIPPED: this machine has no cgroup v2 that can be written; killing by group was not tried");
        return new();
    }
}
