using Osapi.Docker.Tests.Engines;
using Osapi.Operations;
using Osapi.Operations.Docker;

namespace Osapi.Docker.Tests;

/// <summary>Tests of programs in containers: their two streams, their exit codes, and that a stop really ends them.</summary>
public sealed class ExecTests(SharedEngines engines)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(LifecycleTests.Kinds), MemberType = typeof(LifecycleTests))]
    public async Task The_two_streams_are_apart_and_the_exit_code_is_kept(string kind)
    {
        await using var fixture = await WithContainerAsync(kind);

        var entry = await fixture.RunAsync(DockerOperations.Exec, fixture.Exec("sh", "-c", "echo to out; echo to err >&2; exit 3"));
        var allowed = await fixture.ResultAsync(DockerOperations.Exec, fixture.Exec("sh", "-c", "exit 3") with { AllowExitCodes = [0, 3] });

        var result = DockerFixture.Read(DockerOperations.Exec, entry);
        Assert.Equal(("to out\n", "to err\n", 3), (result.Stdout, result.Stderr, result.ExitCode));
        Assert.Equal((Outcome.Failed, "exit code 3: to err", true), (entry.Outcome, entry.Error, entry.Changed));
        Assert.Equal((3, true), (allowed.ExitCode, allowed.Changed));
    }

    [Theory, MemberData(nameof(LifecycleTests.Kinds), MemberType = typeof(LifecycleTests))]
    public async Task Environment_and_directory_are_those_of_the_request(string kind)
    {
        await using var fixture = await WithContainerAsync(kind);

        var result = await fixture.ResultAsync(DockerOperations.Exec, fixture.Exec("sh", "-c", "pwd; echo $A; echo \"$B\"") with { WorkingDir = "/etc", Env = ["A=1", "B=x y=z"] });

        Assert.Equal("/etc\n1\nx y=z\n", result.Stdout);
    }

    [Theory, MemberData(nameof(LifecycleTests.Kinds), MemberType = typeof(LifecycleTests))]
    public async Task A_program_that_the_container_does_not_have_is_not_found(string kind)
    {
        await using var fixture = await WithContainerAsync(kind);

        var error = await fixture.RefusalAsync(DockerOperations.Exec, fixture.Exec("nonsense", "-x"), ErrorType.NotFound);

        Assert.StartsWith("nonsense cannot be run in the container: exec: \"nonsense\": executable file not found in $PATH", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_program_is_a_conflict_and_a_missing_directory_not_found()
    {
        await using var fixture = await WithContainerAsync();

        await fixture.RefusalAsync(DockerOperations.Exec, fixture.Exec("/etc/plain"), ErrorType.Conflict);
        await fixture.RefusalAsync(DockerOperations.Exec, fixture.Exec("true") with { WorkingDir = "/nowhere" }, ErrorType.NotFound);
    }

    [Fact]
    public async Task A_program_may_itself_exit_with_127()
    {
        await using var fixture = await WithContainerAsync();

        Assert.Equal(127, (await fixture.ResultAsync(DockerOperations.Exec, fixture.Exec("sh", "-c", "exit 127") with { AllowExitCodes = [127] })).ExitCode);
    }

    [Fact]
    public async Task Much_output_arrives_whole_and_too_much_is_cut_with_a_flag()
    {
        await using var fixture = await WithContainerAsync();
        await using DockerFixture narrow = new(fixture.Engine) { Host = fixture.Host with { OutputLimit = 1000 } };

        var whole = await fixture.ResultAsync(DockerOperations.Exec, fixture.Exec("sh", "-c", "head -c 3000000 /dev/zero; echo end >&2"));
        var cut = await narrow.ResultAsync(DockerOperations.Exec, fixture.Exec("sh", "-c", "head -c 3000000 /dev/zero; echo end >&2"));

        Assert.Equal((3_000_000, false, "end\n"), (whole.Stdout.Length, whole.StdoutTruncated, whole.Stderr));
        Assert.Equal((1000, true, "end\n"), (cut.Stdout.Length, cut.StdoutTruncated, cut.Stderr));
    }

    [Theory, MemberData(nameof(LifecycleTests.Kinds), MemberType = typeof(LifecycleTests))]
    public async Task A_cancelled_program_ends_with_everything_that_it_started(string kind)
    {
        await using var fixture = await WithContainerAsync(kind);
        using CancellationTokenSource cancel = new();
        // One that ignores the end of its parent, one that leaves its session, one without the marker in its environment.
        var running = fixture.RunAsync(DockerOperations.Exec, fixture.Exec("sh", "-c", "echo begun; sleep 3001 & (setsid sleep 3002 &); exec env -i /bin/sleep 3003") with { Timeout = 600 }, cancelled: cancel.Token);
        await UntilAsync(async () => await CountAsync(fixture) == 3);

        await cancel.CancelAsync();
        var entry = await running.WaitAsync(Bound, Token);

        Assert.Equal((Outcome.Cancelled, "cancelled while it ran, terminated"), (entry.Outcome, entry.Error));
        Assert.Equal("begun\n", DockerFixture.Read(DockerOperations.Exec, entry).Stdout);
        Assert.Equal(0, await CountAsync(fixture));
        Assert.Equal("running", (await fixture.InspectAsync()).State);
    }

    [Fact]
    public async Task A_program_that_ignores_the_request_to_end_is_killed_when_its_time_is_up()
    {
        await using var fixture = await WithContainerAsync();

        var entry = await fixture.RunAsync(DockerOperations.Exec, fixture.Exec("sh", "-c", "trap '' TERM; echo stubborn; while true; do sleep 3004; done") with { Timeout = 1 });

        Assert.Equal((Outcome.Failed, ErrorType.Timeout, "timed out after 1 s, killed"), (entry.Outcome, entry.ErrorType, entry.Error));
        Assert.Equal(("stubborn\n", -1), (DockerFixture.Read(DockerOperations.Exec, entry).Stdout, DockerFixture.Read(DockerOperations.Exec, entry).ExitCode));
        Assert.Equal(0, await CountAsync(fixture));
    }

    [Fact]
    public async Task A_program_that_closes_its_streams_is_waited_for()
    {
        await using var fixture = await WithContainerAsync();

        var result = await fixture.ResultAsync(DockerOperations.Exec, fixture.Exec("sh", "-c", "echo seen; exec >&- 2>&-; sleep 1; exit 5") with { AllowExitCodes = [5] });

        Assert.Equal(("seen\n", 5), (result.Stdout, result.ExitCode));
    }

    [Fact]
    public async Task Processes_left_by_a_program_continue()
    {
        await using var fixture = await WithContainerAsync();

        var result = await fixture.ResultAsync(DockerOperations.Exec, fixture.Exec("sh", "-c", "sleep 3005 & echo left it"));

        Assert.Equal("left it\n", result.Stdout);
        Assert.Equal(1, await CountAsync(fixture));
    }

    // A container that waits.
    private async Task<DockerFixture> WithContainerAsync(string kind = "dockerd")
    {
        var fixture = await engines.FixtureAsync(kind);
        await fixture.CreateAsync();
        return fixture;
    }

    // The programs in the container, without its main process.
    private static async Task<int> CountAsync(DockerFixture fixture)
    {
        var found = await fixture.Engine.Client.Containers.ListProcessesAsync(fixture.Name(), new(), Token);
        return found.Processes.Count(process => process[^1].Contains("sleep 300", StringComparison.Ordinal));
    }

    private static async Task UntilAsync(Func<Task<bool>> isSoAsync)
    {
        for (var begin = TimeProvider.System.GetTimestamp(); !await isSoAsync(); await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token))
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < Bound, "it did not come about");
    }
}
