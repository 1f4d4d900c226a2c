using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of steps that are owed on several hosts of a real controller: whatever comes between a change and its consequence, the next run makes it once, on the hosts that changed.</summary>
public sealed class OwedFleetTests : CliTest
{
    // Of three hosts two are changed by the first run. The gate tells that it runs, and waits; it fails while the plan is broken.
    private string Plan(string restart = "restart") => $$$"""
        version: 1
        name: owing
        vars:
          place: {default: {{{fixture.Directory}}}}
        tasks:
          - {name: config, op: command.shell.execute, target: _all, changed_when: "result.stdout.contains('new')", with: {command: "[ -e ${{ vars.place }}/config-${{ host }} ] || { touch ${{ vars.place }}/config-${{ host }}; echo new; }"}}
          - {name: gate, op: command.shell.execute, target: h3, depends_on: [config], changed_when: "false", with: {command: "[ -e ${{ vars.place }}/go ] || echo started > ${{ vars.place }}/pipe; while ! [ -e ${{ vars.place }}/go ]; do sleep 0.05; done; ! [ -e ${{ vars.place }}/broken ]"}}
          - {name: {{{restart}}}, op: command.shell.execute, target: _all, depends_on: [config, gate], only_if_changed: true, with: {command: "echo done >> ${{ vars.place }}/restart-${{ host }}"}}
        """;

    [Theory]
    [InlineData("fail")]
    [InlineData("cancel")]
    [InlineData("kill")]
    [InlineData("drain")]
    [InlineData("skip")]
    public async Task The_consequence_runs_once_on_the_hosts_that_changed(string between)
    {
        await using var fleet = await Fleet.StartAsync(fixture, "h1", "h2", "h3");
        var plan = fixture.File("plan.yaml", Plan());
        fixture.File("config-h3", "");
        await FirstAsync(between, plan);
        Assert.Empty(Restarts());
        // A gate that was cancelled or lost while it ran may have changed its host: its own condition was not asked.
        string[] hosts = between is "cancel" or "kill" ? ["h1", "h2", "h3"] : ["h1", "h2"];
        if (between != "kill")
            Assert.Equal(hosts.Select(host => $"restart on {host}"), await OwedAsync());

        var clean = (await fixture.RunAsync("run", plan, "--yes")).With(ExitCode.Ok);
        var third = (await fixture.RunAsync("run", plan, "--yes")).With(ExitCode.Ok);

        Assert.Equal(hosts.Select(host => $"restart-{host} done"), Restarts());
        Assert.Contains("owed: restart on h1", clean.Output, StringComparison.Ordinal);
        Assert.Contains("owed: restart on h2", clean.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("owed", third.Output, StringComparison.Ordinal);
        Assert.Empty(await OwedAsync());
    }

    [Fact]
    public async Task A_consequence_that_was_renamed_is_named_and_not_run()
    {
        await using var fleet = await Fleet.StartAsync(fixture, "h1", "h2", "h3");
        fixture.File("config-h3", "");
        await FirstAsync("fail", fixture.File("plan.yaml", Plan()));

        var renamed = (await fixture.RunAsync("run", fixture.File("plan.yaml", Plan("reload")), "--yes")).With(ExitCode.Ok);

        Assert.Contains("owed, and not in the plan any more: restart on h1", renamed.Output, StringComparison.Ordinal);
        Assert.Contains("owed, and not in the plan any more: restart on h2", renamed.Output, StringComparison.Ordinal);
        Assert.Empty(Restarts());
        // It stays owed until somebody forgets it.
        Assert.Equal(["restart on h1", "restart on h2"], await OwedAsync());
        (await fixture.RunAsync("run", "owed", "forget", "--plan", "owing")).With(ExitCode.Ok);
        Assert.Empty(await OwedAsync());
    }

    private async Task FirstAsync(string between, string plan)
    {
        var go = Path.Combine(fixture.Directory, "go");
        if (between == "fail")
        {
            fixture.File("go", "");
            var broken = fixture.File("broken", "");
            (await fixture.RunAsync("run", plan, "--yes")).With(ExitCode.Failed);
            File.Delete(broken);
            return;
        }

        if (between == "skip")
        {
            fixture.File("go", "");
            (await fixture.RunAsync("run", plan, "--yes", "--skip", "restart")).With(ExitCode.Ok);
            return;
        }

        var pipe = Path.Combine(fixture.Directory, "pipe");
        (await fixture.RunProgramAsync("mkfifo", pipe)).With(ExitCode.Ok);
        var run = fixture.Start("run", plan, "--yes");
        var id = (await run.LineAsync("run "))[4..].Trim();
        Assert.Equal("started\n", await File.ReadAllTextAsync(pipe, TestContext.Current.CancellationToken));
        switch (between)
        {
            case "cancel":
                (await fixture.RunAsync("run", "cancel", id)).With(ExitCode.Ok);
                (await run.EndAsync()).With(ExitCode.Cancelled);
                break;
            case "kill":
                run.Signal(RunningProgram.Kill);
                await run.EndAsync();
                break;
            case "drain":
                foreach (var host in (string[])["h1", "h2"])
                    (await fixture.RunAsync("agent", "drain", host)).With(ExitCode.Ok);
                await File.WriteAllTextAsync(go, "", TestContext.Current.CancellationToken);
                await run.EndAsync();
                foreach (var host in (string[])["h1", "h2"])
                    (await fixture.RunAsync("agent", "undrain", host)).With(ExitCode.Ok);
                break;
        }

        await File.WriteAllTextAsync(go, "", TestContext.Current.CancellationToken);
    }

    private async Task<string[]> OwedAsync() =>
        [.. (await fixture.RunAsync("run", "owed", "list")).With(ExitCode.Ok).Lines.Where(line => line.Contains(" on h", StringComparison.Ordinal)).Select(line => line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..].Split("  ")[0].Trim()).Order(StringComparer.Ordinal)];

    private string[] Restarts() =>
        [.. Directory.EnumerateFiles(fixture.Directory, "restart-*").Order(StringComparer.Ordinal).SelectMany(file => File.ReadAllLines(file).Select(line => $"{Path.GetFileName(file)} {line}"))];
}
