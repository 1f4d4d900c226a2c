using System.Diagnostics;
using System.Text.Json;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of a running command when a process dies or the caller disconnects.</summary>
public sealed class LongCommandTests : CliTest
{
    private int process;

    public override async ValueTask DisposeAsync()
    {
        if (process != 0 && Runs(process))
            Process.GetProcessById(process).Kill();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task An_interrupted_run_stops_what_it_started_on_the_host()
    {
        var pipe = await Pipe.CreateAsync(fixture, "pipe");
        var run = fixture.Start("run", fixture.File("plan.yaml", $"name: p\ntasks:\n- {{name: a, op: command.shell.execute, target: _any, with: {{command: '{pipe.Endless}', timeout: 300}}}}\n"));
        process = await pipe.ProcessAsync();

        run.Signal(RunningProgram.Interrupt);
        var ended = (await run.EndAsync()).With(ExitCode.Cancelled);

        Assert.Equal("1 task, 1 cancelled", ended.Lines[^1]);
        Assert.False(Runs(process));
    }

    [Fact]
    public async Task A_system_that_is_stopped_stops_what_runs_on_the_host()
    {
        var system = await fixture.StartSystemAsync();
        var pipe = await Pipe.CreateAsync(fixture, "pipe");
        var call = fixture.Start("command", "shell", "--command", pipe.Endless, "--timeout", "300");
        process = await pipe.ProcessAsync();

        system.Program.Signal(RunningProgram.Terminate);
        (await system.Program.EndAsync()).With(ExitCode.Ok);
        var ended = await call.EndAsync();

        Assert.False(Runs(process));
        Assert.Equal(ExitCode.Failed, ended.ExitCode);
    }

    [Fact]
    public async Task A_command_whose_agent_died_is_unknown_afterwards_and_is_not_run_again()
    {
        var first = await fixture.StartSystemAsync();
        var pipe = await Pipe.CreateAsync(fixture, "pipe");
        var call = fixture.Start("command", "shell", "--command", pipe.Endless, "--timeout", "300");
        process = await pipe.ProcessAsync();

        first.Program.Signal(RunningProgram.Kill);
        var ended = await call.EndAsync();
        await fixture.StartSystemAsync();
        using var list = JsonDocument.Parse((await fixture.RunAsync("job", "list", "--json")).With(ExitCode.Ok).Output);
        var id = Assert.Single(list.RootElement.GetProperty("items").EnumerateArray()).GetProperty("id").GetString()!;
        using var job = JsonDocument.Parse((await fixture.RunAsync("job", "get", id, "--json")).With(ExitCode.Ok).Output);

        ended.With(ExitCode.Unreachable);
        Assert.Equal("unknown", Assert.Single(job.RootElement.GetProperty("responses").EnumerateObject()).Value.GetProperty("outcome").GetString());
        Assert.Single(job.RootElement.GetProperty("timeline").EnumerateArray(), entry => entry.GetProperty("event").GetString() == "started");
    }

    private static bool Runs(int process) => Directory.Exists($"/proc/{process}");
}
