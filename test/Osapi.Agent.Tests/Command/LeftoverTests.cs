using System.Diagnostics;
using System.Text.Json;
using Osapi.Agent.Hosts.Processes;
using Osapi.Agent.Tests.Jobs;
using Osapi.Operations;
using Osapi.Operations.Command;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Command;

/// <summary>
/// Tests that an agent ends the commands that a killed agent left running, before it reports the outcome as unknown.
/// </summary>
public sealed class LeftoverTests : IDisposable
{
    private readonly CommandFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Theory, MemberData(nameof(Starts))]
    public async Task Processes_of_a_killed_agent_are_ended_before_their_job_is_reported_unknown(string start)
    {
        // Without parent, session and environment it is found by its group alone, which it is born into.
        const string Escape = "(env -i setsid sh -c 'echo $$ >> pids; sleep 313; sleep 316' > /dev/null 2>&1 &);";
        var first = start == "in its group" ? Escape : "";
        var id = await AcceptAsync($"{first} sh -c 'trap \"\" TERM; echo $$ >> pids; while :; do sleep 311; done' & setsid sh -c 'echo $$ >> pids; exec sleep 312' & wait");
        var pids = await RunAndKillAsync(first.Length > 0 ? 3 : 2);
        var alive = pids.Count(Processes.Runs);

        await using var transport = await WorkerStore.OpenAsync(fixture.Path(), Token);
        await using var agent = await CommandWorker.StartAgentAsync(transport, fixture.Path(), Token);

        Assert.Equal(pids.Count, alive);
        Assert.DoesNotContain(pids, Processes.Runs);
        var last = await transport.LastAsync(StreamName.Jobs, Subjects.State(JobIds.Of(id), HostKey.Of(Jobs.JobFixture.Host)), Token);
        Assert.Equal(Outcome.Unknown, JobStatusRules.OutcomeOf(JobJson.Event(last!.Payload)));
    }

    [Fact]
    public async Task A_program_gets_SIGTERM_when_its_agent_is_killed_even_without_another_agent()
    {
        await AcceptAsync("trap 'echo >> asked; exit' TERM; echo $$ >> pids; while :; do sleep 0.1; done");

        var pids = await RunAndKillAsync(1);

        await Processes.EndOfAsync(pids[0]);
        Assert.True(File.Exists(fixture.Path("asked")));
    }

    [Fact]
    public async Task A_start_that_waits_for_a_file_system_holds_nothing_and_dies_with_its_agent()
    {
        Assert.SkipWhen(AgentCgroup.Directory is null, "SKIPPED: a waiting process is found by its group, and this machine has no cgroup v2 that can be written");
        using var silent = HangingFileSystem.Mount(fixture.Path("silent"));
        var id = await AcceptAsync("true", silent.Directory);
        using var worker = Process.Start(Environment.ProcessPath!, [CommandWorker.Argument, fixture.Path()]);
        var waiting = await Processes.MemberAsync(worker.Id);
        // Only the three streams, some of which it may not have yet, while it waits.
        while (Processes.Descriptors(waiting) is not ["0", "1", "2"])
            await Task.Yield();

        worker.Kill();
        await worker.WaitForExitAsync(Token);

        await Processes.EndOfAsync(waiting);
        await using var transport = await WorkerStore.OpenAsync(fixture.Path(), Token);
        await using var agent = await CommandWorker.StartAgentAsync(transport, fixture.Path(), Token);
        var last = await transport.LastAsync(StreamName.Jobs, Subjects.State(JobIds.Of(id), HostKey.Of(Jobs.JobFixture.Host)), Token);
        Assert.Equal(Outcome.Unknown, JobStatusRules.OutcomeOf(JobJson.Event(last!.Payload)));
    }

    [Fact]
    public async Task Processes_of_an_ended_job_are_not_touched()
    {
        await AcceptAsync("setsid sh -c 'echo $$ >> daemon; exec sleep 314' > /dev/null 2>&1 & echo done");
        await AcceptAsync("echo $$ >> pids; exec sleep 315");
        var pids = await RunAndKillAsync(1);

        await using var transport = await WorkerStore.OpenAsync(fixture.Path(), Token);
        await using var agent = await CommandWorker.StartAgentAsync(transport, fixture.Path(), Token);

        var daemon = Assert.Single(await Processes.ReadAsync(fixture.Path("daemon"), 1));
        var runs = Processes.Runs(daemon);
        using var process = Process.GetProcessById(daemon);
        process.Kill();
        Assert.True(runs);
        Assert.DoesNotContain(pids, Processes.Runs);
    }

    /// <summary>The ways to start commands that this machine supports.</summary>
    public static TheoryData<string> Starts => AgentCgroup.Directory is null ? ["in no group"] : ["in its group"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<string> AcceptAsync(string line, string? directory = null)
    {
        var id = Guid.NewGuid().ToString();
        var request = JsonSerializer.SerializeToUtf8Bytes(new() { Command = line, Cwd = directory ?? fixture.Path() }, CommandOperations.Shell.Request);
        await using var transport = await WorkerStore.OpenAsync(fixture.Path(), Token);
        JobRecord record = new() { Id = JobIds.Of(id), Operation = CommandOperations.Shell.Id, Request = request, Target = Jobs.JobFixture.Host, Hosts = [Jobs.JobFixture.Host], AnyHost = false, Created = transport.ServerNow, StartWithin = 3600, Timeout = 60 };
        var command = JobJson.Bytes(new JobCommand { Kind = CommandKind.Run, JobId = JobIds.Of(id), Operation = record.Operation, Request = request, StartWithin = 3600 });
        await transport.AppendAsync([new(StreamName.Jobs, Subjects.Record(JobIds.Of(id)), JobJson.Bytes(record), 0), new(StreamName.Commands, Subjects.Command(HostKey.Of(Jobs.JobFixture.Host), JobIds.Of(id)), command)], Token);
        return id;
    }

    private async Task<IReadOnlyList<int>> RunAndKillAsync(int count)
    {
        using var worker = Process.Start(Environment.ProcessPath!, [CommandWorker.Argument, fixture.Path()]);
        try
        {
            return await Processes.ReadAsync(fixture.Path("pids"), count);
        }
        finally
        {
            worker.Kill();
            await worker.WaitForExitAsync(Token);
        }
    }
}
