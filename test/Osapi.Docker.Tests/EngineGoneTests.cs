using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Docker.Tests.Engines;
using Osapi.Operations;
using Osapi.Operations.Docker;

namespace Osapi.Docker.Tests;

/// <summary>Tests of an engine that does not exist, disconnects during an operation, or comes back.</summary>
public sealed class EngineGoneTests(SharedEngines engines)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Every operation, the request to the engine at which it fails, and whether it may be repeated.</summary>
    public static TheoryData<string, string> Operations => new()
    {
        { "docker.create.execute", "POST /containers/create" },
        { "docker.list.get", "GET /containers/json" },
        { "docker.inspect.get", "/json" },
        { "docker.start.execute", "/start" },
        { "docker.stop.execute", "/stop" },
        { "docker.remove.execute", "DELETE /containers/" },
        { "docker.exec.execute", "POST /exec/" },
        { "docker.pull.execute", "POST /images/create" },
        { "docker.image.remove.execute", "DELETE /images/" },
    };

    [Theory, MemberData(nameof(Operations))]
    public async Task Without_an_engine_every_operation_is_unavailable_and_names_the_socket(string id, string request)
    {
        Assert.NotEmpty(request);
        Host host = new() { Name = "web-02", DockerHost = "unix:///run/osapi-nowhere.sock" };

        foreach (var check in (bool[])[false, true])
        {
            var entry = await ExecuteAsync(host, id, "x", check);
            if (check && entry.Outcome == Outcome.Ok)
                Assert.Null(entry.Check!.Changed);
            else
                Assert.Equal(
                    (Outcome.Failed, ErrorType.Unavailable, false, "the Docker engine at unix:///run/osapi-nowhere.sock cannot be used: there is no such socket"),
                    (entry.Outcome, entry.ErrorType, entry.Changed, entry.Error));
        }
    }

    [Theory, MemberData(nameof(Operations))]
    public async Task When_the_engine_disconnects_during_an_operation_the_outcome_is_unknown_or_unavailable(string id, string hold)
    {
        await using var fixture = await engines.FixtureAsync();
        await fixture.CreateAsync();
        if (id == "docker.start.execute")
            await fixture.ResultAsync(DockerOperations.Stop, new() { Id = fixture.Name(), Timeout = 0 });
        var registry = await engines.RegistryAsync(withUser: false);
        await registry.PushAsync(fixture.Engine, "gone:1", "gone");
        var socket = Path.Join(Path.GetTempPath(), $"osapi-relay-{Guid.NewGuid():N}.sock");
        await using Relay relay = new(new UnixDomainSocketEndPoint(socket), new UnixDomainSocketEndPoint(fixture.Engine.Socket), hold);
        var running = ExecuteAsync(fixture.Host with { DockerHost = $"unix://{socket}" }, id, fixture.Name(), check: false, $"{registry.Name}/gone:1");

        Assert.Contains(hold, await relay.Held.WaitAsync(Bound, Token), StringComparison.Ordinal);
        relay.Release();
        var entry = await running.WaitAsync(Bound, Token);

        Assert.True(OperationCatalog.Default.TryFind(id, out var operation));
        var acts = operation.Idempotency == Idempotency.NonIdempotent;
        Assert.Equal((acts ? Outcome.Unknown : Outcome.Failed, acts ? ErrorType.Unknown : ErrorType.Unavailable), (entry.Outcome, entry.ErrorType));
        Assert.Contains(socket, entry.Error, StringComparison.Ordinal);
        Assert.Equal(acts, entry.Changed);
    }

    [Fact]
    public async Task An_engine_that_is_killed_is_missed_at_once_and_found_when_it_is_back()
    {
        await using var engine = await TestEngine.StartAsync("dockerd");
        await using DockerFixture fixture = new(engine);
        await fixture.CreateAsync();
        var exec = fixture.RunAsync(DockerOperations.Exec, fixture.Exec("sh", "-c", "echo begun; sleep 600") with { Timeout = 600 });
        var stop = fixture.RunAsync(DockerOperations.Stop, new() { Id = fixture.Name(), Timeout = 300 });
        await UntilAsync(async () => (await engine.Client.Containers.ListProcessesAsync(fixture.Name(), new(), Token)).Processes.Any(process => process[^1].Contains("sleep 600", StringComparison.Ordinal)));

        engine.Kill();
        var (ran, stopped) = (await exec.WaitAsync(Bound, Token), await stop.WaitAsync(Bound, Token));
        var down = await fixture.RefusalAsync(DockerOperations.List, new(), ErrorType.Unavailable);
        await engine.StartAgainAsync();

        Assert.Equal((Outcome.Unknown, ErrorType.Unknown, true), (ran.Outcome, ran.ErrorType, ran.Changed));
        Assert.Equal("begun\n", DockerFixture.Read(DockerOperations.Exec, ran).Stdout);
        Assert.Equal((Outcome.Failed, ErrorType.Unavailable, false), (stopped.Outcome, stopped.ErrorType, stopped.Changed));
        Assert.Equal($"the Docker engine at {engine.Address} cannot be used: nothing listens on it", down);
        await fixture.ResultAsync(DockerOperations.Remove, new() { Id = fixture.Name(), Force = true });
    }

    [Fact]
    public async Task An_engine_that_accepts_calls_without_answering_causes_a_timeout()
    {
        var socket = Path.Join(Path.GetTempPath(), $"osapi-silent-{Guid.NewGuid():N}.sock");
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(socket));
        listener.Listen();
        FakeTimeProvider time = new();
        var running = ExecuteAsync(new() { Name = "web-03", DockerHost = $"unix://{socket}", Time = time }, "docker.list.get", "x", check: false);
        using var connection = await listener.AcceptAsync(Token);

        time.Advance(TimeSpan.FromSeconds(5));
        var entry = await running.WaitAsync(Bound, Token);

        Assert.Equal((ErrorType.Unavailable, $"the Docker engine at unix://{socket} cannot be used: it does not answer"), (entry.ErrorType, entry.Error));
        File.Delete(socket);
    }

    [Fact]
    public async Task An_engine_elsewhere_is_not_that_of_the_host()
    {
        var entry = await ExecuteAsync(new() { Name = "web-04", DockerHost = "tcp://192.0.2.1:2375" }, "docker.list.get", "x", check: false);

        Assert.Equal(ErrorType.Unavailable, entry.ErrorType);
        Assert.Contains("tcp://192.0.2.1:2375 is not a Unix socket", entry.Error, StringComparison.Ordinal);
    }

    private static Task<HostReply> ExecuteAsync(Host host, string id, string container, bool check, string image = "localhost/x:1")
    {
        var request = id switch
        {
            "docker.create.execute" => $$"""{"image":"{{TestEngine.Image}}","name":"{{container}}-2","network":"none"}""",
            "docker.list.get" => "{}",
            "docker.exec.execute" => $$"""{"id":"{{container}}","command":["true"]}""",
            "docker.remove.execute" => $$"""{"id":"{{container}}","force":true}""",
            "docker.pull.execute" or "docker.image.remove.execute" => $$"""{"image":"{{image}}"}""",
            _ => $$"""{"id":"{{container}}"}""",
        };
        return new OperationExecutor(AgentHandlers.All, host).RunAsync(id, System.Text.Encoding.UTF8.GetBytes(request), check, Token);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSoAsync)
    {
        for (var begin = TimeProvider.System.GetTimestamp(); !await isSoAsync(); await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token))
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < Bound, "it did not come about");
    }
}
