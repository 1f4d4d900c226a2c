using System.Text.Json;
using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Packages;

namespace Osapi.Hosts.Tests.Packages;

/// <summary>Tests of transactions that go on when their job or their agent ends, on a host with systemd and on one without.</summary>
[Collection("hosts, one class after the other")]
public sealed class TransactionHostTests(BootedHost booted, LightHosts light) : IClassFixture<BootedHost>, IClassFixture<LightHosts>
{
    // It waits in the middle of dpkg's work until the test lets it go on.
    private const string Wait = "mkdir -p /run/acme\necho begun > /run/acme/begun\nwhile ! test -e /run/acme/go; do sleep 0.1; done\necho done > /etc/acme-slow.done";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_agent_that_is_killed_during_a_script_ends_nothing_and_the_next_operation_waits(bool systemd)
    {
        var host = await SlowAsync(systemd);
        await using (var agent = host.StartAgent())
        {
            var running = ExecuteAsync(agent, new() { Names = ["acme-slow"] });
            await FileAsync(host, "/run/acme/begun");
            agent.Kill();
            await Assert.ThrowsAnyAsync<Exception>(() => running);
        }

        await using var next = host.StartAgent();
        var waiting = ExecuteAsync(next, new() { Names = ["acme-slow"] });
        // It answers reads meanwhile; the change is not ready.
        Assert.Equal(PackageStatus.HalfConfigured, Assert.Single(await ListAsync(host, "acme-slow")).Status);
        Assert.False(waiting.IsCompleted);
        await host.MustAsync("touch", "/run/acme/go");
        var reply = await waiting;

        // dpkg has finished: there is nothing left to do.
        Assert.Equal((Outcome.Ok, null, false), (reply.Outcome, reply.Error, reply.Changed));
        Assert.Equal("done", await host.MustAsync("cat", "/etc/acme-slow.done"));
        Assert.Equal("", await host.MustAsync("dpkg", "--audit"));
        Assert.Contains("Setting up acme-slow", await host.MustAsync("cat", "/run/osapi/package.output"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_of_the_agents_unit_does_not_reach_the_transaction()
    {
        var host = (SystemdHost)await SlowAsync(systemd: true);
        // The agent is a unit, whose processes are all killed when it is stopped.
        await host.MustAsync("sh", "-c", "mkfifo -m 600 /run/acme.in");
        await host.MustAsync("systemd-run", "--unit=acme-agent", "--setenv=DOTNET_EnableDiagnostics=0", "--property=StandardInput=file:/run/acme.in", "--property=KillMode=control-group", "/srv/" + Path.GetFileName(Environment.ProcessPath!), AgentProcess.Argument);
        await host.MustAsync("sh", "-c", """echo '{"operation":"package.install.execute","check":false,"request":{"names":["acme-slow"]}}' > /run/acme.in""");
        await FileAsync(host, "/run/acme/begun");
        var scopes = await host.MustAsync("systemctl", "list-units", "--type=scope", "--plain", "--no-legend", "osapi-package-*");
        await host.RunAsync("systemctl", "kill", "--signal=KILL", "acme-agent");
        await host.RunAsync("systemctl", "stop", "acme-agent");

        var waiting = host.ExecuteAsync(PackageOperations.Install, new() { Names = ["acme-slow"] });
        Assert.Equal(PackageStatus.HalfConfigured, Assert.Single(await ListAsync(host, "acme-slow")).Status);
        await host.MustAsync("touch", "/run/acme/go");

        Assert.Equal((Outcome.Ok, false), ((await waiting).Outcome, (await waiting).Changed));
        Assert.StartsWith("osapi-package-", scopes, StringComparison.Ordinal);
        Assert.Equal("done", await host.MustAsync("cat", "/etc/acme-slow.done"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_time_limit_answers_that_it_goes_on_and_the_next_operation_waits(bool systemd)
    {
        var host = await SlowAsync(systemd);

        var timedOut = await host.ExecuteAsync(PackageOperations.Install, new() { Names = ["acme-slow"], Timeout = 10 });
        var waiting = host.ExecuteAsync(PackageOperations.Remove, new() { Names = ["acme-slow"], Timeout = 2 });
        var tooLate = await waiting;
        await host.MustAsync("touch", "/run/acme/go");
        var removed = await host.ResultAsync(PackageOperations.Remove, new() { Names = ["acme-slow"] });

        Assert.Equal((Outcome.Unknown, ErrorType.Unknown), (timedOut.Outcome, timedOut.ErrorType));
        Assert.Equal("timed out after 10 s, but apt-get install goes on, because it is never ended in the middle: the next package operation on this host waits for it", timedOut.Error);
        Assert.Equal((Outcome.Failed, ErrorType.Unavailable, false), (tooLate.Outcome, tooLate.ErrorType, tooLate.Changed));
        Assert.Equal("not run within 2 s: it waited for another package operation on this host", tooLate.Error);
        Assert.True(removed.Changed);
        Assert.Equal("done", await host.MustAsync("cat", "/etc/acme-slow.done"));
    }

    [Fact]
    public async Task A_dpkg_that_was_killed_is_a_conflict_and_a_repair_finishes_its_work()
    {
        var host = await SlowAsync(systemd: true);
        var running = host.ExecuteAsync(PackageOperations.Install, new() { Names = ["acme-slow"] });
        await FileAsync(host, "/run/acme/begun");
        // An administrator who knows no better.
        await host.MustAsync("sh", "-c", "kill -9 $(pidof dpkg apt-get) $(pgrep -f [a]cme-slow.postinst)");
        var killed = await running;

        var refused = await host.ExecuteAsync(PackageOperations.Install, new() { Names = ["acme-tool"] });
        await host.MustAsync("touch", "/run/acme/go");
        var repaired = await host.ExecuteAsync(PackageOperations.Install, new() { Names = ["acme-tool"], Repair = true });

        Assert.Equal((Outcome.Failed, true), (killed.Outcome, killed.Changed));
        Assert.Equal((ErrorType.Conflict, false), (refused.ErrorType, refused.Changed));
        Assert.Contains("repair runs dpkg --configure -a first", refused.Error, StringComparison.Ordinal);
        Assert.Equal((Outcome.Ok, null, true), (repaired.Outcome, repaired.Error, repaired.Changed));
        Assert.Equal(["acme-slow", "acme-tool"], (await ListAsync(host, "acme-slow", "acme-tool")).Where(package => package.Status == PackageStatus.Installed).Select(package => package.Name));
    }

    private async Task<TestHost> SlowAsync(bool systemd)
    {
        TestHost host = systemd ? await booted.GetAsync() : await light.GetAsync("h1");
        await host.MustAsync("sh", "-c", "mkdir -p /run/acme; touch /run/acme/go");
        var repository = await TestRepository.OpenAsync(host);
        await repository.AddAsync("acme-tool", "1.0");
        await (await repository.AddAsync("acme-slow", "1.0", scripts: new Dictionary<string, string> { ["postinst"] = Wait })).ReadyAsync();
        return host;
    }

    private static async Task<IReadOnlyList<PackageSummary>> ListAsync(TestHost host, params PackageName[] names)
    {
        // An agent of its own: the other one has one request at a time.
        await using var agent = host.StartAgent();
        var reply = await agent.ExecuteAsync(PackageOperations.List.Id, JsonSerializer.SerializeToElement(new() { Names = names, State = PackageFilter.All }, PackageOperations.List.Request), check: false, Token);
        return reply.Result!.Value.Deserialize(PackageOperations.List.Result)!.Packages;
    }

    private static Task<HostReply> ExecuteAsync(AgentProcess agent, InstallPackages request) =>
        agent.ExecuteAsync(PackageOperations.Install.Id, JsonSerializer.SerializeToElement(request, PackageOperations.Install.Request), check: false, Token);

    private static async Task FileAsync(TestHost host, string path)
    {
        for (var tries = 0; !File.Exists(host.Outside(path)); tries++)
        {
            Assert.True(tries < 300, $"{path} did not appear");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Token);
        }
    }
}
