using System.Net.Sockets;
using Osapi.Docker.Tests.Engines;
using Osapi.Operations;
using Osapi.Operations.Docker;

namespace Osapi.Docker.Tests;

/// <summary>Tests of the options of a new container, and of one that does not start.</summary>
public sealed class CreateTests(SharedEngines engines)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_requested_option_is_set()
    {
        await using var fixture = await engines.FixtureAsync();
        var directory = Directory.CreateTempSubdirectory("osapi-mount-").FullName;
        await File.WriteAllTextAsync(Path.Join(directory, "file"), "from the host", Token);
        var request = fixture.Sleeper() with
        {
            Env = ["GREETING=hello=world", "EMPTY="],
            Ports = ["8080:80", "127.0.0.1:9000:9000/udp", "[::1]:9001:9001", "0:70"],
            Volumes = [$"{directory}:/mnt/host:ro", $"{fixture.Name("volume")}:/data"],
            ContainerHostname = "inside",
            Dns = ["192.0.2.53"],
            Restart = "on-failure:3",
            Memory = "64m",
            Cpus = 0.5,
            Labels = new Dictionary<string, string> { ["team"] = "web" },
        };

        await fixture.ResultAsync(DockerOperations.Create, request);
        var found = await fixture.InspectAsync();
        var seen = await fixture.ResultAsync(DockerOperations.Exec, fixture.Exec("sh", "-c", "cat /mnt/host/file; hostname; echo $GREETING; touch /data/x; echo no > /mnt/host/file") with { AllowExitCodes = [1] });

        Assert.Equal(("running", "inside", "on-failure:3", 64L << 20, 0.5), (found.State, found.ContainerHostname, found.Restart, found.Memory, found.Cpus));
        Assert.Equal(["GREETING=hello=world", "EMPTY="], found.Env.Take(2));
        Assert.Equal(["192.0.2.53"], found.Dns);
        Assert.Equal("web", found.Labels["team"]);
        Assert.Equal([$"{directory}:/mnt/host:ro", $"{fixture.Name("volume")}:/data"], found.Mounts.OrderByDescending(mount => mount[0] == '/'));
        Assert.Equal(["sleep", "3600"], found.Command);
        Assert.Equal("none", found.NetworkSettings!.Network);
        Assert.Equal("from the hostinside\nhello=world\n", seen.Stdout);
        Assert.Contains("Read-only", seen.Stderr, StringComparison.Ordinal);
        var engine = (await fixture.Engine.Client.Containers.InspectContainerAsync(fixture.Name(), Token)).HostConfig!;
        Assert.Equal(
            ["70/tcp 0", "80/tcp 8080", "9000/udp 127.0.0.1 9000", "9001/tcp ::1 9001"],
            engine.PortBindings!.SelectMany(port => port.Value!.Select(binding => string.Join(' ', new[] { port.Key, binding.HostIP, binding.HostPort }.Where(text => text is { Length: > 0 })))).Order());

        await fixture.ResultAsync(DockerOperations.Remove, new() { Id = fixture.Name(), Force = true });
        await fixture.Engine.Client.Volumes.RemoveAsync(fixture.Name("volume"), null, Token);
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Volumes_accept_and_report_the_options_of_the_engines_own_command()
    {
        await using var fixture = await engines.FixtureAsync();
        var directory = Directory.CreateTempSubdirectory("osapi-mount-").FullName;
        string[] volumes = [$"{directory}:/a:z", $"{directory}:/b:ro,Z", $"{directory}:/c:rslave", $"{directory}:/d:ro,z,rshared", $"{fixture.Name("volume")}:/e:nocopy"];

        await fixture.ResultAsync(DockerOperations.Create, fixture.Sleeper() with { AutoStart = false, Volumes = [.. volumes.Select(volume => (VolumeMapping)volume)] });
        var found = (await fixture.InspectAsync()).Mounts;

        Assert.Equal(volumes[..4], found.Where(mount => mount[0] == '/').Order(StringComparer.Ordinal));
        Assert.All(found, mount => Assert.NotNull(Operations.Json.Text.TryParse<VolumeMapping>(mount)));
        var options = (await fixture.Engine.Client.Containers.InspectContainerAsync(fixture.Name(), Token)).HostConfig!.Mounts!.Single(mount => mount.Target == "/e").VolumeOptions;
        Assert.True(options!.NoCopy);

        var missing = await fixture.RunAsync(DockerOperations.Create, fixture.Sleeper("other") with { Volumes = [$"{directory}/missing:/a:z"] });
        Assert.Equal((ErrorType.NotFound, $"volumes: the path {directory}/missing does not exist on this host"), (missing.ErrorType, missing.Error));
        Assert.False(Directory.Exists($"{directory}/missing"));

        await fixture.ResultAsync(DockerOperations.Remove, new() { Id = fixture.Name(), Force = true });
        await fixture.Engine.Client.Volumes.RemoveAsync(fixture.Name("volume"), null, Token);
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Ports_are_reported_as_requested()
    {
        await using var fixture = await engines.FixtureAsync();
        await fixture.ResultAsync(DockerOperations.Create, fixture.Sleeper() with { AutoStart = false, Ports = ["8080:80", "127.0.0.1:53:53/udp", "[::1]:9001:9001"] });

        Assert.Equal(["127.0.0.1:53:53/udp", "8080:80", "[::1]:9001:9001"], (await fixture.InspectAsync()).Ports.Order(StringComparer.Ordinal));
        Assert.Equal(("created", null), ((await fixture.InspectAsync()).State, (await fixture.InspectAsync()).StartedAt));
    }

    [Theory, MemberData(nameof(LifecycleTests.Kinds), MemberType = typeof(LifecycleTests))]
    public async Task A_container_that_does_not_start_is_removed_again(string kind)
    {
        await using var fixture = await engines.FixtureAsync(kind);

        var error = await fixture.RefusalAsync(DockerOperations.Create, fixture.Sleeper(command: "nonsense"), ErrorType.NotFound);

        Assert.StartsWith("the container does not start and was removed: ", error, StringComparison.Ordinal);
        Assert.Contains("nonsense", error, StringComparison.Ordinal);
        Assert.Empty(await fixture.LeftAsync());
    }

    [Theory, MemberData(nameof(LifecycleTests.Kinds), MemberType = typeof(LifecycleTests))]
    public async Task A_container_that_does_not_start_is_kept_on_request(string kind)
    {
        await using var fixture = await engines.FixtureAsync(kind);

        var entry = await fixture.RunAsync(DockerOperations.Create, fixture.Sleeper(command: "nonsense") with { KeepFailed = true });

        Assert.Equal((Outcome.Failed, ErrorType.NotFound, true), (entry.Outcome, entry.ErrorType, entry.Changed));
        Assert.Matches("^[0-9a-f]{64}$", DockerFixture.Read(DockerOperations.Create, entry).Id);
        Assert.Equal([fixture.Name()], await fixture.LeftAsync());
    }

    [Fact]
    public async Task A_network_that_is_not_there_leaves_no_container()
    {
        await using var fixture = await engines.FixtureAsync();

        Assert.Contains("nowhere", await fixture.RefusalAsync(DockerOperations.Create, fixture.Sleeper() with { Network = "nowhere" }, ErrorType.NotFound), StringComparison.Ordinal);
        Assert.Empty(await fixture.LeftAsync());
    }

    [Fact]
    public async Task A_path_of_the_host_that_does_not_exist_is_not_found_and_not_made()
    {
        await using var fixture = await engines.FixtureAsync();

        Assert.Contains("/osapi-nowhere", await fixture.RefusalAsync(DockerOperations.Create, fixture.Sleeper() with { Volumes = ["/osapi-nowhere:/data"] }, ErrorType.NotFound), StringComparison.Ordinal);
        Assert.False(Path.Exists("/osapi-nowhere"));
        Assert.Empty(await fixture.LeftAsync());
    }

    [Fact]
    public async Task Requests_that_the_engine_rejects_are_invalid()
    {
        await using var fixture = await engines.FixtureAsync();

        Assert.Contains("6MB", await fixture.RefusalAsync(DockerOperations.Create, fixture.Sleeper() with { Memory = "1k" }, ErrorType.Invalid), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_name_the_engine_makes_one_up()
    {
        await using var fixture = await engines.FixtureAsync();

        var created = await fixture.ResultAsync(DockerOperations.Create, fixture.Sleeper() with { Name = null, AutoStart = false });

        Assert.Matches("^[a-z]+_[a-z0-9]+$", created.Name);
        Assert.Equal("created", created.State);
        await fixture.ResultAsync(DockerOperations.Remove, new() { Id = created.Id[..12] });
    }

    [Fact]
    public async Task A_cancelled_creation_leaves_nothing()
    {
        await using var fixture = await engines.FixtureAsync();
        using CancellationTokenSource cancel = new();
        await cancel.CancelAsync();

        var entry = await fixture.RunAsync(DockerOperations.Create, fixture.Sleeper(), cancelled: cancel.Token);

        Assert.Equal((Outcome.Cancelled, false), (entry.Outcome, entry.Changed));
        Assert.Empty(await fixture.LeftAsync());
    }

    [Fact]
    public async Task A_creation_that_is_cancelled_while_the_container_starts_removes_it()
    {
        await using var fixture = await engines.FixtureAsync();
        var socket = Path.Join(Path.GetTempPath(), $"osapi-relay-{Guid.NewGuid():N}.sock");
        await using Relay relay = new(new UnixDomainSocketEndPoint(socket), new UnixDomainSocketEndPoint(fixture.Engine.Socket), hold: "/start");
        await using DockerFixture through = new(fixture.Engine) { Host = fixture.Host with { DockerHost = $"unix://{socket}" } };
        using CancellationTokenSource cancel = new();
        var running = through.RunAsync(DockerOperations.Create, fixture.Sleeper(), cancelled: cancel.Token);
        await relay.Held.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Single(await fixture.LeftAsync());

        await cancel.CancelAsync();
        var entry = await running.WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.Equal((Outcome.Cancelled, "cancelled while it ran, the created container was removed"), (entry.Outcome, entry.Error));
        Assert.Empty(await fixture.LeftAsync());
    }
}
