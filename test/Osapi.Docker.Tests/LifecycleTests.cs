using Osapi.Docker.Tests.Engines;
using Osapi.Operations;
using Osapi.Operations.Docker;

namespace Osapi.Docker.Tests;

/// <summary>Tests of a container from creation to removal, the same on both engines.</summary>
public sealed class LifecycleTests(SharedEngines engines)
{
    public static TheoryData<string> Kinds => ["dockerd", "podman"];

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_container_is_created_started_listed_stopped_and_removed(string kind)
    {
        await using var fixture = await engines.FixtureAsync(kind);

        var created = await fixture.CreateAsync();
        var listed = await fixture.ResultAsync(DockerOperations.List, new() { Limit = 100 });
        var stopped = await fixture.ResultAsync(DockerOperations.Stop, new() { Id = fixture.Name(), Timeout = 0 });
        var started = await fixture.ResultAsync(DockerOperations.Start, new() { Id = fixture.Name() });
        var removed = await fixture.ResultAsync(DockerOperations.Remove, new() { Id = fixture.Name(), Force = true });

        Assert.Equal((fixture.Name(), TestEngine.Image, "running", true), (created.Name, created.Image, created.State, created.Changed));
        Assert.Matches("^[0-9a-f]{64}$", created.Id);
        Assert.InRange(created.Created!.Value, TimeProvider.System.GetUtcNow().AddMinutes(-2), TimeProvider.System.GetUtcNow().AddMinutes(1));
        var mine = Assert.Single(listed.Containers, container => container.Name == fixture.Name());
        Assert.Equal((created.Id, "running", TestEngine.Image), (mine.Id, mine.State, mine.Image));
        Assert.InRange(mine.Created, created.Created.Value.AddSeconds(-2), created.Created.Value.AddSeconds(2));
        Assert.Equal(("container stopped", true), (stopped.Message, stopped.Changed));
        Assert.Equal(("container started", true, fixture.Name()), (started.Message, started.Changed, started.Id));
        Assert.Equal(("container removed", true), (removed.Message, removed.Changed));
        Assert.Empty(await fixture.LeftAsync());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_container_that_may_take_no_time_is_killed_at_once_and_stays_stopped(string kind)
    {
        await using var fixture = await engines.FixtureAsync(kind);
        // It ignores the termination signal, so that the engine's own ten seconds would pass.
        await fixture.ResultAsync(DockerOperations.Create, fixture.Sleeper("web", "sh", "-c", "trap '' TERM; sleep 3600 & wait; sleep 3600") with { Restart = "always" });
        var begin = TimeProvider.System.GetTimestamp();

        var stopped = await fixture.ResultAsync(DockerOperations.Stop, new() { Id = fixture.Name(), Timeout = 0 });

        Assert.True(stopped.Changed);
        Assert.InRange(TimeProvider.System.GetElapsedTime(begin), TimeSpan.Zero, TimeSpan.FromSeconds(9));
        Assert.Equal("exited", (await fixture.InspectAsync()).State);
        Assert.False((await fixture.ResultAsync(DockerOperations.Stop, new() { Id = fixture.Name(), Timeout = 0 })).Changed);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Starting_what_runs_and_stopping_what_does_not_changes_nothing(string kind)
    {
        await using var fixture = await engines.FixtureAsync(kind);
        await fixture.CreateAsync();

        var started = await fixture.RunAsync(DockerOperations.Start, new() { Id = fixture.Name() });
        await fixture.ResultAsync(DockerOperations.Stop, new() { Id = fixture.Name(), Timeout = 0 });
        var stopped = await fixture.RunAsync(DockerOperations.Stop, new() { Id = fixture.Name(), Timeout = 0 });

        Assert.Equal((Outcome.Ok, false), (started.Outcome, started.Changed));
        Assert.Equal((Outcome.Ok, false), (stopped.Outcome, stopped.Changed));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_check_predicts_starting_and_stopping_and_changes_nothing(string kind)
    {
        await using var fixture = await engines.FixtureAsync(kind);
        await fixture.CreateAsync();

        var start = await fixture.RunAsync(DockerOperations.Start, new() { Id = fixture.Name() }, check: true);
        var stop = await fixture.RunAsync(DockerOperations.Stop, new() { Id = fixture.Name() }, check: true);
        var create = await fixture.RunAsync(DockerOperations.Create, fixture.Sleeper("other"), check: true);

        Assert.Equal((false, true, null), (start.Check!.Changed, stop.Check!.Changed, create.Check!.Changed));
        Assert.Equal(("running", "exited"), (stop.Check.Before!.Value.GetProperty("state").GetString(), stop.Check.After!.Value.GetProperty("state").GetString()));
        Assert.Equal("running", (await fixture.InspectAsync()).State);
        Assert.Equal([fixture.Name()], await fixture.LeftAsync());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Every_operation_on_a_missing_container_is_not_found(string kind)
    {
        await using var fixture = await engines.FixtureAsync(kind);
        ContainerName nothing = fixture.Name("nothing");

        Assert.Contains(nothing.Value, await fixture.RefusalAsync(DockerOperations.Inspect, new() { Id = nothing }, ErrorType.NotFound), StringComparison.Ordinal);
        await fixture.RefusalAsync(DockerOperations.Start, new() { Id = nothing }, ErrorType.NotFound);
        await fixture.RefusalAsync(DockerOperations.Stop, new() { Id = nothing }, ErrorType.NotFound);
        await fixture.RefusalAsync(DockerOperations.Remove, new() { Id = nothing }, ErrorType.NotFound);
        await fixture.RefusalAsync(DockerOperations.Remove, new() { Id = nothing, Force = true }, ErrorType.NotFound);
        await fixture.RefusalAsync(DockerOperations.Exec, new() { Id = nothing, Command = ["true"] }, ErrorType.NotFound);
        await fixture.RefusalAsync(DockerOperations.RemoveImage, new() { Image = "localhost/osapi/nothing:1" }, ErrorType.NotFound);
        Assert.Contains("nothing:1", await fixture.RefusalAsync(DockerOperations.Create, fixture.Sleeper() with { Image = "localhost/osapi/nothing:1" }, ErrorType.NotFound), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_name_that_is_taken_and_a_container_that_runs_are_conflicts(string kind)
    {
        await using var fixture = await engines.FixtureAsync(kind);
        await fixture.CreateAsync();

        Assert.Contains("already in use", await fixture.RefusalAsync(DockerOperations.Create, fixture.Sleeper(), ErrorType.Conflict), StringComparison.Ordinal);
        await fixture.RefusalAsync(DockerOperations.Remove, new() { Id = fixture.Name() }, ErrorType.Conflict);
        await fixture.RefusalAsync(DockerOperations.RemoveImage, new() { Image = TestEngine.Image }, ErrorType.Conflict);
        await fixture.ResultAsync(DockerOperations.Stop, new() { Id = fixture.Name(), Timeout = 0 });
        await fixture.RefusalAsync(DockerOperations.Exec, fixture.Exec("true"), ErrorType.Conflict);
        Assert.Equal([fixture.Name()], await fixture.LeftAsync());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_paused_container_is_not_started_and_can_be_removed_with_force(string kind)
    {
        await using var fixture = await engines.FixtureAsync(kind);
        await fixture.CreateAsync();
        await fixture.Engine.Client.Containers.PauseContainerAsync(fixture.Name(), TestContext.Current.CancellationToken);

        await fixture.RefusalAsync(DockerOperations.Start, new() { Id = fixture.Name() }, ErrorType.Conflict);
        Assert.Equal("paused", (await fixture.InspectAsync()).State);
        await fixture.ResultAsync(DockerOperations.Remove, new() { Id = fixture.Name(), Force = true });
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_list_has_all_states_by_default_newest_first_up_to_the_limit(string kind)
    {
        await using var fixture = await engines.FixtureAsync(kind);
        await fixture.CreateAsync("runs");
        await fixture.CreateAsync("ended", "true");
        await fixture.ResultAsync(DockerOperations.Create, fixture.Sleeper("created") with { AutoStart = false });
        await fixture.ResultAsync(DockerOperations.Stop, new() { Id = fixture.Name("ended") });

        async Task<List<string>> NamesAsync(ContainerState? state) =>
            [.. (await fixture.ResultAsync(DockerOperations.List, new() { State = state, Limit = 1000 })).Containers.Select(container => container.Name).Where(name => name == fixture.Name("runs") || name == fixture.Name("ended") || name == fixture.Name("created"))];
        Assert.Equal(((string[])["created", "ended", "runs"]).Select(fixture.Name).Order(), (await NamesAsync(null)).Order());
        Assert.Equal([fixture.Name("runs")], await NamesAsync(ContainerState.Running));
        Assert.Equal(((string[])["created", "ended"]).Select(fixture.Name), (await NamesAsync(ContainerState.Stopped)).Order());
        var one = await fixture.ResultAsync(DockerOperations.List, new() { Limit = 1 });
        Assert.Single(one.Containers);
        Assert.True(one.Total >= 3);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task An_image_loses_its_names_one_by_one_and_is_deleted_with_the_last(string kind)
    {
        await using var fixture = await engines.FixtureAsync(kind);
        await fixture.Engine.ImportAsync("localhost/osapi/two:1", $"{kind}-two");
        await fixture.Engine.Client.Images.TagImageAsync("localhost/osapi/two:1", new() { RepositoryName = "localhost/osapi/two", Tag = "2" }, TestContext.Current.CancellationToken);

        var first = await fixture.ResultAsync(DockerOperations.RemoveImage, new() { Image = "localhost/osapi/two:1" });
        var second = await fixture.ResultAsync(DockerOperations.RemoveImage, new() { Image = "localhost/osapi/two:2" });

        Assert.Equal((1, 0), (first.Untagged.Count, first.Deleted.Count));
        Assert.NotEmpty(second.Deleted);
        await fixture.RefusalAsync(DockerOperations.RemoveImage, new() { Image = "localhost/osapi/two:2" }, ErrorType.NotFound);
    }
}
