using Osapi.Docker.Tests.Engines;
using Osapi.Operations;
using Osapi.Operations.Docker;

namespace Osapi.Docker.Tests;

/// <summary>From creation to removal, the same on both engines.</summary>
public sealed class LifecycleTests(SharedEngines engines)
{
    public static TheoryData<string> Kinds => ["dockerd", "podman"];

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_container_is_created_started_listed_stopped_and_removed(string kind)
    {
        await using var room = await RoomAsync(kind);

        var created = await room.CreateAsync();
        var listed = await room.ResultAsync(DockerOperations.List, new() { Limit = 100 });
        var stopped = await room.ResultAsync(DockerOperations.Stop, new() { Id = room.Name(), Timeout = 0 });
        var started = await room.ResultAsync(DockerOperations.Start, new() { Id = room.Name() });
        var removed = await room.ResultAsync(DockerOperations.Remove, new() { Id = room.Name(), Force = true });

        Assert.Equal((room.Name(), TestEngine.Image, "running", true), (created.Name, created.Image, created.State, created.Changed));
        Assert.Matches("^[0-9a-f]{64}$", created.Id);
        Assert.InRange(created.Created!.Value, TimeProvider.System.GetUtcNow().AddMinutes(-2), TimeProvider.System.GetUtcNow().AddMinutes(1));
        var mine = Assert.Single(listed.Containers, container => container.Name == room.Name());
        Assert.Equal((created.Id, "running", TestEngine.Image), (mine.Id, mine.State, mine.Image));
        Assert.InRange(mine.Created, created.Created.Value.AddSeconds(-2), created.Created.Value.AddSeconds(2));
        Assert.Equal(("container stopped", true), (stopped.Message, stopped.Changed));
        Assert.Equal(("container started", true, room.Name()), (started.Message, started.Changed, started.Id));
        Assert.Equal(("container removed", true), (removed.Message, removed.Changed));
        Assert.Empty(await room.LeftAsync());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_container_that_may_take_no_time_is_killed_at_once_and_stays_stopped(string kind)
    {
        await using var room = await RoomAsync(kind);
        // It takes no notice of being asked, so that the engine's own ten seconds would pass.
        await room.ResultAsync(DockerOperations.Create, room.Sleeper("web", "sh", "-c", "trap '' TERM; sleep 3600 & wait; sleep 3600") with { Restart = "always" });
        var begin = TimeProvider.System.GetTimestamp();

        var stopped = await room.ResultAsync(DockerOperations.Stop, new() { Id = room.Name(), Timeout = 0 });

        Assert.True(stopped.Changed);
        Assert.InRange(TimeProvider.System.GetElapsedTime(begin), TimeSpan.Zero, TimeSpan.FromSeconds(9));
        Assert.Equal("exited", (await room.InspectAsync()).State);
        Assert.False((await room.ResultAsync(DockerOperations.Stop, new() { Id = room.Name(), Timeout = 0 })).Changed);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Starting_what_runs_and_stopping_what_does_not_changes_nothing(string kind)
    {
        await using var room = await RoomAsync(kind);
        await room.CreateAsync();

        var started = await room.RunAsync(DockerOperations.Start, new() { Id = room.Name() });
        await room.ResultAsync(DockerOperations.Stop, new() { Id = room.Name(), Timeout = 0 });
        var stopped = await room.RunAsync(DockerOperations.Stop, new() { Id = room.Name(), Timeout = 0 });

        Assert.Equal((Outcome.Ok, false), (started.Outcome, started.Changed));
        Assert.Equal((Outcome.Ok, false), (stopped.Outcome, stopped.Changed));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_check_tells_what_starting_and_stopping_would_change_and_changes_nothing(string kind)
    {
        await using var room = await RoomAsync(kind);
        await room.CreateAsync();

        var start = await room.RunAsync(DockerOperations.Start, new() { Id = room.Name() }, check: true);
        var stop = await room.RunAsync(DockerOperations.Stop, new() { Id = room.Name() }, check: true);
        var create = await room.RunAsync(DockerOperations.Create, room.Sleeper("other"), check: true);

        Assert.Equal((false, true, null), (start.Check!.Changed, stop.Check!.Changed, create.Check!.Changed));
        Assert.Equal(("running", "exited"), (stop.Check.Before!.Value.GetProperty("state").GetString(), stop.Check.After!.Value.GetProperty("state").GetString()));
        Assert.Equal("running", (await room.InspectAsync()).State);
        Assert.Equal([room.Name()], await room.LeftAsync());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_is_not_there_is_not_found_whatever_is_done_to_it(string kind)
    {
        await using var room = await RoomAsync(kind);
        ContainerName nothing = room.Name("nothing");

        Assert.Contains(nothing.Value, await room.RefusalAsync(DockerOperations.Inspect, new() { Id = nothing }, ErrorType.NotFound), StringComparison.Ordinal);
        await room.RefusalAsync(DockerOperations.Start, new() { Id = nothing }, ErrorType.NotFound);
        await room.RefusalAsync(DockerOperations.Stop, new() { Id = nothing }, ErrorType.NotFound);
        await room.RefusalAsync(DockerOperations.Remove, new() { Id = nothing }, ErrorType.NotFound);
        await room.RefusalAsync(DockerOperations.Remove, new() { Id = nothing, Force = true }, ErrorType.NotFound);
        await room.RefusalAsync(DockerOperations.Exec, new() { Id = nothing, Command = ["true"] }, ErrorType.NotFound);
        await room.RefusalAsync(DockerOperations.RemoveImage, new() { Image = "localhost/osapi/nothing:1" }, ErrorType.NotFound);
        Assert.Contains("nothing:1", await room.RefusalAsync(DockerOperations.Create, room.Sleeper() with { Image = "localhost/osapi/nothing:1" }, ErrorType.NotFound), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_name_that_is_taken_and_a_container_that_runs_are_conflicts(string kind)
    {
        await using var room = await RoomAsync(kind);
        await room.CreateAsync();

        Assert.Contains("already in use", await room.RefusalAsync(DockerOperations.Create, room.Sleeper(), ErrorType.Conflict), StringComparison.Ordinal);
        await room.RefusalAsync(DockerOperations.Remove, new() { Id = room.Name() }, ErrorType.Conflict);
        await room.RefusalAsync(DockerOperations.RemoveImage, new() { Image = TestEngine.Image }, ErrorType.Conflict);
        await room.ResultAsync(DockerOperations.Stop, new() { Id = room.Name(), Timeout = 0 });
        await room.RefusalAsync(DockerOperations.Exec, room.Exec("true"), ErrorType.Conflict);
        Assert.Equal([room.Name()], await room.LeftAsync());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_paused_container_is_not_started_and_can_be_removed_with_force(string kind)
    {
        await using var room = await RoomAsync(kind);
        await room.CreateAsync();
        await room.Engine.Client.Containers.PauseContainerAsync(room.Name(), TestContext.Current.CancellationToken);

        await room.RefusalAsync(DockerOperations.Start, new() { Id = room.Name() }, ErrorType.Conflict);
        Assert.Equal("paused", (await room.InspectAsync()).State);
        await room.ResultAsync(DockerOperations.Remove, new() { Id = room.Name(), Force = true });
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_list_is_of_all_unless_asked_otherwise_newest_first_and_at_most_as_long_as_asked(string kind)
    {
        await using var room = await RoomAsync(kind);
        await room.CreateAsync("runs");
        await room.CreateAsync("ended", "true");
        await room.ResultAsync(DockerOperations.Create, room.Sleeper("created") with { AutoStart = false });
        await room.ResultAsync(DockerOperations.Stop, new() { Id = room.Name("ended") });

        async Task<List<string>> NamesAsync(ContainerState? state) =>
            [.. (await room.ResultAsync(DockerOperations.List, new() { State = state, Limit = 1000 })).Containers.Select(container => container.Name).Where(name => name == room.Name("runs") || name == room.Name("ended") || name == room.Name("created"))];
        Assert.Equal(((string[])["created", "ended", "runs"]).Select(room.Name).Order(), (await NamesAsync(null)).Order());
        Assert.Equal([room.Name("runs")], await NamesAsync(ContainerState.Running));
        Assert.Equal(((string[])["created", "ended"]).Select(room.Name), (await NamesAsync(ContainerState.Stopped)).Order());
        var one = await room.ResultAsync(DockerOperations.List, new() { Limit = 1 });
        Assert.Single(one.Containers);
        Assert.True(one.Total >= 3);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task An_image_loses_its_names_one_by_one_and_is_deleted_with_the_last(string kind)
    {
        await using var room = await RoomAsync(kind);
        await room.Engine.ImportAsync("localhost/osapi/two:1", $"{kind}-two");
        await room.Engine.Client.Images.TagImageAsync("localhost/osapi/two:1", new() { RepositoryName = "localhost/osapi/two", Tag = "2" }, TestContext.Current.CancellationToken);

        var first = await room.ResultAsync(DockerOperations.RemoveImage, new() { Image = "localhost/osapi/two:1" });
        var second = await room.ResultAsync(DockerOperations.RemoveImage, new() { Image = "localhost/osapi/two:2" });

        Assert.Equal((1, 0), (first.Untagged.Count, first.Deleted.Count));
        Assert.NotEmpty(second.Deleted);
        await room.RefusalAsync(DockerOperations.RemoveImage, new() { Image = "localhost/osapi/two:2" }, ErrorType.NotFound);
    }

    private async Task<DockerRoom> RoomAsync(string kind) => new(await engines.EngineAsync(kind));
}
