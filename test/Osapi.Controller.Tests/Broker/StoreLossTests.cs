using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Osapi.Client;
using Osapi.Controller.Agents;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Operations.Command;
using Osapi.Transport.Jobs;
using Osapi.Transport.Nats;
using Osapi.Transport.Tests.Nats;

namespace Osapi.Controller.Tests.Broker;

/// <summary>
/// Tests of a broker that is killed and comes back without its store: the controllers recreate it, and drains still
/// hold.
/// </summary>
public sealed class StoreLossTests : IAsyncLifetime
{
    private readonly SystemParts parts = new(limit: TimeSpan.FromMinutes(3));
    private readonly ConcurrentBag<string> ranOn = [];
    private NatsServer server = null!;

    private CancellationToken Token => parts.Token;

    public async ValueTask InitializeAsync() => server = parts.Keep(await NatsServer.StartAsync());

    public ValueTask DisposeAsync() => parts.DisposeAsync();

    [Fact]
    public async Task A_lost_store_is_recreated_waiting_calls_fail_and_a_drained_host_runs_nothing()
    {
        var first = await ControllerAsync("c1");
        var second = await ControllerAsync("c2");
        await AgentAsync("web-01");
        await AgentAsync("web-02");
        await UntilAsync(async () => (await RunAsync(first, "_all")).Count(result => result.Outcome == Outcome.Ok) == 2);
        Assert.True((await first.Client.Agent.DrainAsync("web-01", "kernel update", cancellationToken: Token)).Changed);
        await UntilAsync(async () => (await second.Client.Agent.GetAsync("web-01", cancellationToken: Token)).State == AgentState.Cordoned);
        var running = first.Client.Command.ShellAsync("web-02", new() { Command = "sleep 600", Timeout = 300 }, cancellationToken: Token);
        await UntilAsync(async () => (await first.Client.Health.StatusAsync(cancellationToken: Token)).Jobs!.Processing == 1);

        await LoseAsync();
        // Submitted continuously, to any host and to all.
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var load = Task.WhenAll(new[] { first, second }.Select(controller => LoadAsync(controller, stop.Token)));

        var lost = await Assert.ThrowsAsync<ServerException>(() => running).WaitAsync(TimeSpan.FromSeconds(60), Token);
        Assert.Equal(503, lost.StatusCode);
        Assert.Contains("the store lost it", lost.Message, StringComparison.Ordinal);
        // The agents have registered again, and those that are not drained work.
        await UntilAsync(async () => await RunAsync(second, "_all") is { Count: 2 } results && results.Any(result => result.Hostname == "web-02" && result.Outcome == Outcome.Ok));
        await UntilAsync(async () => await RunAsync(first, "_any") is [{ Hostname: "web-02", Outcome: Outcome.Ok }]);
        for (var job = 0; job < 20; job++)
            Assert.Equal("web-02", Assert.Single(await RunAsync(first, "_any")).Hostname);
        await stop.CancelAsync();
        await load;

        Assert.NotEmpty(ranOn);
        Assert.DoesNotContain("web-01", ranOn);
        // The agent that registered again becomes cordoned once nothing runs on it, after its own checks.
        await UntilAsync(async () => (await first.Client.Agent.GetAsync("web-01", cancellationToken: Token)).State == AgentState.Cordoned);
        // One of the controllers recreates it.
        Assert.Contains(first.Logs.Lines.Concat(second.Logs.Lines), line => line.Contains("came back without its store", StringComparison.Ordinal) && line.Contains("OSAPI_JOB (the jobs", StringComparison.Ordinal));
        // After the undrain it works again.
        await second.Client.Agent.UndrainAsync("web-01", cancellationToken: Token);
        await UntilAsync(async () => await RunAsync(first, "web-01") is [{ Outcome: Outcome.Ok }]);
    }

    [Fact]
    public async Task The_highest_version_of_each_entry_of_two_controllers_is_restored()
    {
        Keep("c1", new() { Name = "web-01", Version = 4 }, new() { Name = "web-02", Version = 2, Drain = new(DateTimeOffset.UnixEpoch, "old", "old") }, new() { Name = "web-03", Version = 1, Drain = new(DateTimeOffset.UnixEpoch) });
        Keep("c2", new() { Name = "web-01", Version = 5, Drain = new(DateTimeOffset.UnixEpoch, "operator", "newest") }, new() { Name = "web-02", Version = 3 });

        var both = await Task.WhenAll(ControllerAsync("c1", "both"), ControllerAsync("c2", "both"));

        await using var transport = await NatsTransport.ConnectAsync(new() { Urls = [server.Url], Prefix = "both" }, Token);
        // Before any job is accepted: both report that they are ready, so both have written.
        foreach (var controller in both)
            await UntilAsync(async () => (await controller.Client.Health.ReadyAsync(cancellationToken: Token)).Status == "ready");
        var entries = (await transport.Roster.ListAsync(Token)).Where(value => value.Key != Roster.IndexKey).Select(value => Roster.TryRead(value)!).OrderBy(entry => entry.Name, StringComparer.Ordinal);
        Assert.Equal(["web-01 5 newest", "web-02 3 ", "web-03 1 "], entries.Select(entry => $"{entry.Name} {entry.Version} {entry.Drain?.Reason}"));
        foreach (var name in (string[])["c1", "c2"])
            await UntilAsync(() => Task.FromResult(Kept(name).SequenceEqual([5, 3, 1])));
    }

    private IEnumerable<long> Kept(string name) =>
        new RosterFile(Path.Combine(parts.StateOf(name), RosterFile.FileName), NullLogger<RosterFile>.Instance).Read().Entries.Select(entry => entry.Version);

    private void Keep(string name, params RosterEntry[] entries)
    {
        Directory.CreateDirectory(parts.StateOf(name));
        new RosterFile(Path.Combine(parts.StateOf(name), RosterFile.FileName), NullLogger<RosterFile>.Instance).Write(new() { Id = "lost", Entries = entries });
    }

    private async Task<RunningController> ControllerAsync(string name, string prefix = "osapi")
    {
        Logs logs = new();
        return await parts.StartControllerAsync(await parts.ConnectAsync(new() { Urls = [server.Url], Prefix = prefix, Logger = logs.CreateLogger("transport") }), name, logs);
    }

    private async Task AgentAsync(string name) =>
        await parts.StartAgentAsync(await parts.ConnectAsync(new() { Urls = [server.Url], CreateStreams = false }), new() { Hostname = name }, $"agent-{name}");

    // Nothing when it is refused, or fails. Not cancelled, because that would cancel the job.
    private static async Task<IReadOnlyList<HostReply<CommandResult>>> RunAsync(RunningController controller, string target)
    {
        try
        {
            return (await controller.Client.Command.ShellAsync(target, new() { Command = "true" }, cancellationToken: CancellationToken.None)).Hosts;
        }
        catch (OsapiException)
        {
            return [];
        }
    }

    private async Task LoadAsync(RunningController controller, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
            try
            {
                foreach (var result in await RunAsync(controller, "_any"))
                    ranOn.Add(result.Hostname);
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
    }

    private async Task LoseAsync()
    {
        await server.KillAsync();
        Directory.Delete(Path.Combine(server.Directory, "store"), recursive: true);
        while (!await server.TryStartAsync())
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
    }

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Token);
    }
}
