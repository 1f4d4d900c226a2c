using Osapi.Client;
using Osapi.Docker.Tests.Engines;
using Osapi.Operations;
using Osapi.Operations.Docker;
using Osapi.Operations.Jobs;
using Osapi.Orchestrator;

namespace Osapi.Docker.Tests;

/// <summary>Tests through a whole system: client, controller, several agents, plans.</summary>
public sealed class FleetTests(SharedEngines engines)
{
    private const string Nowhere = "unix:///run/osapi-nowhere.sock";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_broadcast_answers_for_every_host_and_an_engine_that_is_missing_is_one_hosts_error()
    {
        var engine = await engines.EngineAsync();
        await using DockerFixture fixture = new(engine);
        await using var fleet = await Fleet.StartAsync(("with", engine.Address), ("without", Nowhere));

        var created = await fleet.Client.Docker.CreateAsync("_all", fixture.Sleeper(), cancellationToken: Token);
        var listed = await fleet.Client.Docker.ListAsync("_all", new() { Limit = 1000 }, cancellationToken: Token);
        var missing = await fleet.Client.Docker.InspectAsync("_all", fixture.Name("nothing"), cancellationToken: Token);

        Assert.Equal(["with", "without"], created.Hosts.Select(result => result.Hostname).Order());
        Assert.Equal((Outcome.Ok, "running"), (Of(created, "with").Outcome, Of(created, "with").Result!.State));
        Assert.Equal((Outcome.Failed, ErrorType.Unavailable), (Of(created, "without").Outcome, Of(created, "without").ErrorType));
        Assert.Contains(Nowhere, Of(created, "without").Error, StringComparison.Ordinal);
        Assert.Contains(Of(listed, "with").Result!.Containers, container => container.Name == fixture.Name());
        Assert.Equal(ErrorType.Unavailable, Of(listed, "without").ErrorType);
        Assert.Equal((ErrorType.NotFound, ErrorType.Unavailable), (Of(missing, "with").ErrorType, Of(missing, "without").ErrorType));
    }

    [Fact]
    public async Task On_a_single_host_the_error_is_the_status_of_the_answer()
    {
        var engine = await engines.EngineAsync();
        await using DockerFixture fixture = new(engine);
        await using var fleet = await Fleet.StartAsync(("with", engine.Address), ("without", Nowhere));
        await fleet.Client.Docker.CreateAsync("with", fixture.Sleeper(), cancellationToken: Token);

        var missing = await Assert.ThrowsAsync<NotFoundException>(() => fleet.Client.Docker.StartAsync("with", fixture.Name("nothing"), cancellationToken: Token));
        await Assert.ThrowsAsync<NotFoundException>(() => fleet.Client.Docker.CreateAsync("with", fixture.Sleeper() with { Image = "localhost/osapi/nothing:1" }, cancellationToken: Token));
        await Assert.ThrowsAsync<NotFoundException>(() => fleet.Client.Docker.RemoveImageAsync("with", new() { Image = "localhost/osapi/nothing:1" }, cancellationToken: Token));
        await Assert.ThrowsAsync<ConflictException>(() => fleet.Client.Docker.CreateAsync("with", fixture.Sleeper(), cancellationToken: Token));
        var down = await Assert.ThrowsAsync<ServerException>(() => fleet.Client.Docker.ListAsync("without", cancellationToken: Token));

        Assert.Contains(fixture.Name("nothing"), missing.Message, StringComparison.Ordinal);
        Assert.Equal(503, down.StatusCode);
        Assert.Contains(Nowhere, down.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_are_in_no_file_of_the_system_no_log_and_no_answer()
    {
        var engine = await engines.EngineAsync();
        await using DockerFixture fixture = new(engine);
        var registry = await engines.RegistryAsync(withUser: true);
        await registry.PushAsync(engine, "told-nobody:1", "secret");
        ImageName image = $"{registry.Name}/told-nobody:1";
        await using var fleet = await Fleet.StartAsync(("with", engine.Address));

        var pulled = await fleet.Client.Docker.PullAsync("with", new() { Image = image, CredentialsFile = registry.Credentials() }, cancellationToken: Token);
        var job = await fleet.Client.Job.GetAsync(pulled.JobId, cancellationToken: Token);

        Assert.True(pulled.Hosts.Single().Result!.Changed);
        Assert.NotEmpty(fleet.FilesWith("docker.pull.execute"));
        Assert.NotEqual("", fleet.Log);
        var base64 = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{Registry.User}:{Registry.Password}"));
        foreach (var secret in (string[])[Registry.Password, base64])
        {
            Assert.Empty(fleet.FilesWith(secret));
            Assert.DoesNotContain(secret, fleet.Log, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, System.Text.Json.JsonSerializer.Serialize(job, JobOperations.Get.Result), StringComparison.Ordinal);
        }

        await fixture.ResultAsync(DockerOperations.RemoveImage, new() { Image = image, Force = true });
    }

    [Fact]
    public async Task A_hundred_containers_are_created_listed_and_removed_through_a_plan()
    {
        const int Count = 100;
        var engine = await engines.EngineAsync();
        await using DockerFixture fixture = new(engine);
        await using var fleet = await Fleet.StartAsync(("with", engine.Address));
        Plan plan = new(fleet.Client, new() { MaxParallelism = 10 });
        var create = Enumerable.Range(0, Count).Select(i => plan.Task($"create-{i}", DockerOperations.Create, "with", fixture.Sleeper($"c{i}"))).ToList();
        var list = plan.Task("list", DockerOperations.List, "with", new() { State = ContainerState.Running, Limit = 1000 }).DependsOn([.. create]);
        foreach (var i in Enumerable.Range(0, Count))
            plan.Task($"remove-{i}", DockerOperations.Remove, "with", new() { Id = fixture.Name($"c{i}"), Force = true }).DependsOn(list);

        var report = await plan.RunAsync(Token);

        Assert.True(report.Succeeded, string.Join('\n', report.Tasks.Where(task => task.Error is not null).Select(task => $"{task.Name}: {task.Error}").Take(5)));
        Assert.Equal(Count, report.Get(list)!.Hosts[0].Result!.Containers.Count(container => container.Name.StartsWith(fixture.Name("c"), StringComparison.Ordinal)));
        Assert.Equal("201 tasks, 200 changed, 1 unchanged", report.Summary());
        Assert.Empty(await fixture.LeftAsync());
    }

    private static HostReply<T> Of<T>(JobReply<T> collection, string host)
        where T : notnull => collection.Hosts.Single(result => result.Hostname == host);
}
