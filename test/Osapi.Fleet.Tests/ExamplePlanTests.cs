using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Client;
using Osapi.Fleet.Tests.Running;
using Osapi.Operations;
using Osapi.Operations.Facts;
using Osapi.Orchestrator;
using Osapi.Plans;
using Osapi.Plans.Values;
using Osapi.Plans.Yaml;
using Status = Osapi.Orchestrator.Status;

namespace Osapi.Fleet.Tests;

/// <summary>Tests of the example plans on hosts in namespaces, each with files of its own.</summary>
[Collection(SingleBrokerSuites.Name)]
public sealed class ExamplePlanTests(SingleBroker broker)
{
    private const string Place = "/srv/example";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_template_is_deployed_to_all_and_the_service_restarts_only_where_it_changed()
    {
        var fleet = await PrepareAsync();

        var first = await RunAsync(fleet, "rollout.yaml");
        await fleet.Calls[0].Waiting.Command.ShellAsync(fleet.Agents[1].Host.Name, new() { Command = $"echo by-hand >> {Place}/app.conf" }, cancellationToken: Token);
        var second = await RunAsync(fleet, "rollout.yaml");
        var changed = await RunAsync(fleet, "rollout.yaml", ("port", "9090"));

        Assert.All([first, second, changed], report => Assert.True(report.Succeeded, report.Summary()));
        Assert.Equal([2, 3, 2, 2, 2], fleet.Agents.Select(agent => agent.Host.Lines($"{Place}/restarts").Length));
        Assert.All(fleet.Agents, agent => Assert.Contains("port = 9090", agent.Host.Lines($"{Place}/app.conf")));
        Assert.Equal([Status.Skipped, Status.Changed, Status.Skipped, Status.Skipped, Status.Skipped], second.Get("restart")!.HostResults.OrderBy(host => host.Hostname).Select(host => host.Status));
    }

    [Fact]
    public async Task A_health_check_is_retried_on_each_host_and_one_that_stays_ill_stops_the_plan()
    {
        var fleet = await PrepareAsync();

        var report = await RunAsync(fleet, "rolling-check.yaml");
        // There the file cannot be read.
        await fleet.Calls[0].Waiting.Command.ShellAsync(fleet.Agents[2].Host.Name, new() { Command = $"rm -rf {Place}; touch {Place}" }, cancellationToken: Token);
        var ill = await RunAsync(fleet, "rolling-check.yaml");

        Assert.True(report.Succeeded, $"{report.Summary()}: {string.Join("; ", report.Tasks.SelectMany(task => task.HostResults).Where(host => host.Error is not null).Select(host => $"{host.Hostname} {host.Attempts} {host.Error} {host.Data}"))}");
        Assert.All(report.Get("healthy")!.HostResults, host => Assert.Equal(3, host.Attempts));
        Assert.Equal(PlanOutcome.Failed, ill.Outcome);
        Assert.Equal(Status.Failed, ill.Get("restart")!.HostResults.Single(host => host.Hostname == fleet.Agents[2].Host.Name).Status);
    }

    [Fact]
    public async Task A_lock_is_taken_away_on_each_host_where_it_was_taken()
    {
        var fleet = await PrepareAsync();
        // This host has a lock of somebody else, which stays.
        await fleet.Calls[0].Waiting.Command.ShellAsync(fleet.Agents[4].Host.Name, new() { Command = $"mkdir {Place}/lock" }, cancellationToken: Token);

        var report = await RunAsync(fleet, "clean-up.yaml");

        Assert.Equal(PlanOutcome.Failed, report.Outcome);
        Assert.Equal(4, report.Get("unlock")!.HostResults.Count(host => host.Status == Status.Changed));
        await fleet.Calls[0].Waiting.Command.ShellAsync(fleet.Agents[4].Host.Name, new() { Command = $"rmdir {Place}/lock" }, cancellationToken: Token);
        var locks = await fleet.Calls[0].Waiting.Command.ShellAsync(Target.All, new() { Command = $"ls {Place}" }, cancellationToken: Token);
        Assert.All(locks.Hosts, host => Assert.DoesNotContain("lock", host.Result!.Stdout, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_debian_hosts_are_acted_on()
    {
        var fleet = await PrepareAsync();
        var (client, other) = (fleet.Calls[0].Waiting, fleet.Agents[3].Host.Name);
        await client.Command.ShellAsync(other, new() { Command = "cp /etc/os-release /etc/os-release.old; rm /etc/os-release; printf 'ID=alpine\\nVERSION_ID=3.20\\n' > /etc/os-release" }, cancellationToken: Token);
        await WaitForAsync("alpine");

        var report = await RunAsync(fleet, "debian-only.yaml");
        await client.Command.ShellAsync(other, new() { Command = "mv /etc/os-release.old /etc/os-release" }, cancellationToken: Token);

        Assert.True(report.Succeeded, report.Summary());
        Assert.Equal([(other, "condition is false: facts.os_info.distribution == 'debian'")], report.Get("note-version")!.HostResults.Where(host => host.Status == Status.Skipped).Select(host => (host.Hostname, host.SkipReason!)));
        Assert.Equal([1, 1, 1, 0, 1], fleet.Agents.Select(agent => agent.Host.Lines($"{Place}/debian-version").Length));

        // An agent looks for changes of its facts every ten seconds, and keeps them for a minute.
        async Task WaitForAsync(string distribution)
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
            timeout.CancelAfter(TimeSpan.FromMinutes(3));
            while ((await client.Agent.GetAsync(other, cancellationToken: timeout.Token)).OsInfo?.Distribution != distribution)
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, timeout.Token);
        }
    }

    [Fact]
    public async Task Thirty_tasks_come_from_a_loop_and_an_included_file()
    {
        var fleet = await PrepareAsync();

        var first = await RunAsync(fleet, "sites.yaml");
        var second = await RunAsync(fleet, "sites.yaml");

        Assert.True(first.Succeeded, first.Summary());
        Assert.Equal(30, first.Tasks.Count);
        Assert.Equal((Status.Changed, Status.Unchanged), (first.Get("wanted[curl]")!.Status, second.Get("wanted[curl]")!.Status));
        Assert.All(fleet.Agents, agent => Assert.Equal(10, agent.Host.Lines($"{Place}/announced").Length));
    }

    [Fact]
    public async Task A_value_of_one_task_goes_into_the_next()
    {
        var fleet = await PrepareAsync();

        var report = await RunAsync(fleet, "release.yaml");

        Assert.True(report.Succeeded, report.Summary());
        var from = report.Get("release")!.HostResults[0].Hostname;
        Assert.All(fleet.Agents, agent => Assert.EndsWith($" by {from}", Assert.Single(agent.Host.Lines($"{Place}/release")), StringComparison.Ordinal));
        Assert.Equal(Status.Unchanged, report.Get("report")!.Status);
    }

    [Fact]
    public async Task What_a_task_finds_on_each_host_is_looped_over_there()
    {
        var fleet = await PrepareAsync();
        var client = fleet.Calls[0].Waiting;
        await client.Command.ShellAsync(Target.All, new() { Command = $"cd {Place}; echo valid > a.conf; echo valid > b.conf; touch readme" }, cancellationToken: Token);
        var broken = fleet.Agents[1].Host.Name;
        await client.Command.ShellAsync(broken, new() { Command = $"cd {Place}; echo other > a.conf; echo valid > c.conf" }, cancellationToken: Token);
        await client.Command.ShellAsync(fleet.Agents[3].Host.Name, new() { Command = $"rm {Place}/*" }, cancellationToken: Token);

        var report = await RunAsync(fleet, "configurations.yaml");

        Assert.Equal(PlanOutcome.Failed, report.Outcome);
        string[] fine = ["a.conf unchanged", "b.conf unchanged", "readme skipped"];
        Assert.Equal(
            fleet.Agents.Select((agent, index) => (agent.Host.Name, string.Join(", ", index switch { 1 => ["a.conf failed", "b.conf unchanged", "c.conf unchanged", "readme skipped"], 3 => [], _ => fine }))).Order(),
            report.Get("check")!.HostResults.Select(host => (host.Hostname, string.Join(", ", host.Items.Select(item => $"{item.Key} {item.Status.ToText()}")))).Order());
        Assert.Equal((Status.Skipped, "no items"), report.Get("check")!.HostResults.Where(host => host.Hostname == fleet.Agents[3].Host.Name).Select(host => (host.Status, host.SkipReason!)).Single());
        Assert.Equal(["a.conf b.conf", "b.conf c.conf", "a.conf b.conf", null, "a.conf b.conf"], fleet.Agents.Select((agent, index) => index == 3 ? null : agent.Host.Lines($"{Place}/checked").Single()));
    }

    private async Task<RunningFleet> PrepareAsync()
    {
        var fleet = await broker.GetAsync();
        await fleet.Calls[0].Waiting.Command.ShellAsync(Target.All, new() { Command = $"rm -rf {Place}; mkdir -p {Place}" }, cancellationToken: Token);
        return fleet;
    }

    private static async Task<Report> RunAsync(RunningFleet fleet, string example, params (string, string)[] set)
    {
        var client = fleet.Calls[0].Waiting;
        var path = Path.GetFullPath(Path.Combine(Programs.Logs, "..", "..", "examples", example));
        PlanInputs inputs = new() { Set = [("directory", Place), .. set], Include = (name, _) => (Load(Path.Combine(Path.GetDirectoryName(path)!, name)), null) };
        var file = Load(path);
        var (plan, problems) = PlanFileReader.Read(file.Root, file.Problems, OperationCatalog.Default, inputs);
        Assert.Equal([], problems.Select(problem => problem.In(example)));
        RunValues values = new() { Facts = plan!.ReadsFacts ? await FactsAsync(client) : new Dictionary<string, JsonObject>() };
        return await PlanBuild.Of(LocalFiles.Resolve(plan, path), client, client, new(), values).RunAsync(Token);
    }

    private static async Task<Dictionary<string, JsonObject>> FactsAsync(OsapiClient client) =>
        (await client.Agent.ListAsync(cancellationToken: Token)).Agents.ToDictionary(
            agent => agent.Hostname, agent => JsonSerializer.SerializeToNode(new HostFacts { Hostname = agent.Hostname, OsInfo = agent.OsInfo }, HostFacts.Json)!.AsObject());

    private static LoadedFile Load(string path)
    {
        var (root, problems) = YamlBytes.Parse(File.ReadAllBytes(path));
        return new(path, path, root, problems);
    }
}
