using System.Diagnostics;
using Osapi.Agent.Hosts.Processes;
using Osapi.Operations.Command;

namespace Osapi.Agent.Tests.Command;

/// <summary>
/// Tests that a command is in the group of its job before it executes anything, so that no process escapes at the
/// start.
/// </summary>
public sealed class StartTests
{
    // A process that loses its parent, its session and its environment at once is found by its group alone.
    private const string Escape = "(env -i setsid sh -c 'echo $$ >> pids; sleep 316; sleep 317' > /dev/null 2>&1 &); sleep 318";

    public StartTests() =>
        Assert.SkipWhen(AgentCgroup.Directory is null, "SKIPPED: this machine has no cgroup v2 that can be written; starting in a group was not tried");

    [Fact]
    public async Task A_cancel_ends_what_left_in_the_first_moment_each_time()
    {
        for (var round = 0; round < 20; round++)
        {
            using CommandFixture fixture = new();
            using CancellationTokenSource cancel = new();
            var running = fixture.RunAsync(CommandOperations.Shell, new() { Command = Escape, Cwd = fixture.Path() }, cancel.Token);
            var pids = await Processes.ReadAsync(fixture.Path("pids"), 1);
            var alive = pids.Count(Processes.Runs);
            await cancel.CancelAsync();
            await running;

            Assert.Equal(1, alive);
            Assert.DoesNotContain(pids, Processes.Runs);
        }
    }

    [Fact]
    public async Task The_end_of_its_time_ends_what_left_in_the_first_moment_each_time() =>
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using CommandFixture fixture = new();
            await fixture.RunAsync(CommandOperations.Shell, new() { Command = Escape, Cwd = fixture.Path(), Timeout = 2 });

            Assert.DoesNotContain(await Processes.ReadAsync(fixture.Path("pids"), 1), Processes.Runs);
        }));

    [Fact]
    public async Task Many_at_once_are_each_in_their_own_group_from_the_beginning_and_children_of_others_in_none()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(() => number < 6 ? OursAsync() : OthersAsync())));

        static async Task OursAsync()
        {
            for (var round = 0; round < 25; round++)
            {
                using CommandFixture fixture = new();
                var result = await fixture.ResultAsync(new ExecCommand { Command = "cat", Args = ["/proc/self/cgroup"] });

                Assert.EndsWith("/osapi-" + fixture.Host.Marker.Value, GroupIn(result.Stdout), StringComparison.Ordinal);
            }
        }

        static async Task OthersAsync()
        {
            for (var round = 0; round < 25; round++)
            {
                using var process = Process.Start(new ProcessStartInfo("cat", ["/proc/self/cgroup"]) { RedirectStandardOutput = true })!;
                var groups = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);

                Assert.Equal(GroupIn(await File.ReadAllTextAsync("/proc/self/cgroup", TestContext.Current.CancellationToken)), GroupIn(groups));
            }
        }

        static string GroupIn(string groups) => groups.Split('\n').Single(line => line.StartsWith("0::", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Several_of_one_job_are_all_in_its_group()
    {
        using CommandFixture fixture = new();
        using var cgroup = JobCgroup.Create(fixture.Host.AgentCgroup, fixture.Host.Marker)!;
        try
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                for (var round = 0; round < 10; round++)
                {
                    using var process = await ChildProcess.StartAsync(new("true", []), Environment, cgroup, TimeProvider.System, TestContext.Current.CancellationToken);
                    Assert.True(process.IsInGroup);
                    await process.Exited;
                }
            })));
        }
        finally
        {
            cgroup.Remove();
        }
    }

    [Fact]
    public async Task A_failure_to_join_the_group_does_not_fail_the_command()
    {
        using CommandFixture fixture = new();
        using var cgroup = JobCgroup.Create(fixture.Host.AgentCgroup, fixture.Host.Marker)!;
        cgroup.Remove();

        using var process = await ChildProcess.StartAsync(new("true", []), Environment, cgroup, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.False(process.IsInGroup);
        Assert.Equal(new(0, null), await process.Exited);
    }

    private static Dictionary<string, string> Environment => new() { ["PATH"] = "/usr/bin:/bin" };
}
