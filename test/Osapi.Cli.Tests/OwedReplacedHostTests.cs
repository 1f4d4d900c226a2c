using System.Text.Json;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>A test of a step that is owed on a host in whose place another machine has come: it is named and not run there.</summary>
public sealed class OwedReplacedHostTests : CliTest
{
    private const string Listens = "Listening for client connections on ";

    private string url = "";

    [Fact]
    public async Task The_step_of_a_host_with_a_new_key_is_named_and_not_run()
    {
        var controller = await StartAsync();
        await AgentAsync(controller, "web-01", "first");
        var replaced = await AgentAsync(controller, "web-02", "second");
        fixture.Environment["OSAPI_URL"] = controller.Url;
        fixture.Environment["OSAPI_TOKEN"] = await fixture.TokenAsync("admin");
        var plan = fixture.File("plan.yaml", $$$"""
            version: 1
            name: owing
            tasks:
              - {name: config, op: command.shell.execute, target: _all, changed_when: "result.stdout.contains('new')", with: {command: "[ -e {{{fixture.Directory}}}/config-${{ host }} ] || { touch {{{fixture.Directory}}}/config-${{ host }}; echo new; }"}}
              - {name: restart, op: command.shell.execute, target: _all, depends_on: [config], only_if_changed: true, with: {command: "test -e {{{fixture.Directory}}}/healthy && echo done >> {{{fixture.Directory}}}/restart-${{ host }}"}}
            """);
        (await fixture.RunAsync("run", plan, "--yes")).With(ExitCode.Failed);

        replaced.Signal(RunningProgram.Kill);
        await replaced.EndAsync();
        (await fixture.RunAsync("agent", "remove", "web-02", "--force")).With(ExitCode.Ok);
        await AgentAsync(controller, "web-02", "third");
        fixture.File("healthy", "");
        var second = (await fixture.RunAsync("run", plan, "--yes")).With(ExitCode.Ok);

        Assert.Contains("owed: restart on web-01", second.Output, StringComparison.Ordinal);
        Assert.Contains("owed, and not done because the host has another key now: restart on web-02", second.Output, StringComparison.Ordinal);
        Assert.Equal(["restart-web-01"], Directory.EnumerateFiles(fixture.Directory, "restart-*").Select(Path.GetFileName));
        var owed = (await fixture.RunAsync("run", "owed", "list")).With(ExitCode.Ok).Output;
        Assert.Contains("restart on web-02", owed, StringComparison.Ordinal);
        Assert.Contains("the host has another key now", owed, StringComparison.Ordinal);
        Assert.DoesNotContain("web-01", owed, StringComparison.Ordinal);
    }

    private async Task<RunningSystem> StartAsync()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(40));
        var broker = fixture.StartProgram("nats-server", "-a", "127.0.0.1", "-p", "-1", "-js", "-sd", Path.Combine(fixture.Directory, "broker"));
        var line = await broker.Error.FindAsync(Listens, timeout.Token);
        url = $"nats://{line[(line.IndexOf(Listens, StringComparison.Ordinal) + Listens.Length)..]}";
        var program = fixture.Start("controller", "start", "--listen", "http://127.0.0.1:0", "--nats", url);
        return new(program, await program.LineAsync(" listens on "));
    }

    // Each has a key of its own, in its own directory.
    private async Task<RunningProgram> AgentAsync(RunningSystem controller, string name, string directory)
    {
        var created = JsonElement.Parse((await fixture.RunAsync("agent", "join-token", "--name", name, "--expires", "5m", "--json", "--url", controller.Url, "--token", await fixture.TokenAsync("admin"))).With(ExitCode.Ok).Output);
        fixture.Environment["OSAPI_AGENT_JOIN_TOKEN"] = created.GetProperty("token").GetString()!;
        var agent = fixture.Start("agent", "start", "--hostname", name, "--nats", url, "--state-dir", Path.Combine(fixture.Directory, directory));
        fixture.Environment.Remove("OSAPI_AGENT_JOIN_TOKEN");
        await agent.LineAsync(" takes jobs ");
        return agent;
    }
}
