using Osapi.Docker.Tests.Engines;
using Osapi.Operations;
using Osapi.Operations.Docker;

namespace Osapi.Docker.Tests;

/// <summary>
/// Tests of the rules of the idempotent operations of this family: the first run changes, the second does not, drift is
/// repaired, and a check predicts each.
/// </summary>
public sealed class IdempotencyTests(SharedEngines engines)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(LifecycleTests.Kinds), MemberType = typeof(LifecycleTests))]
    public async Task Start(string kind)
    {
        await using var fixture = await engines.FixtureAsync(kind);
        await fixture.ResultAsync(DockerOperations.Create, fixture.Sleeper() with { AutoStart = false });

        await LawAsync(fixture, DockerOperations.Start, new() { Id = fixture.Name() }, () => fixture.Engine.Client.Containers.KillContainerAsync(fixture.Name(), new() { Signal = "KILL" }, Token), "running", "exited");
    }

    [Theory, MemberData(nameof(LifecycleTests.Kinds), MemberType = typeof(LifecycleTests))]
    public async Task Stop(string kind)
    {
        await using var fixture = await engines.FixtureAsync(kind);
        await fixture.CreateAsync();

        await LawAsync(fixture, DockerOperations.Stop, new() { Id = fixture.Name(), Timeout = 0 }, () => fixture.Engine.Client.Containers.StartContainerAsync(fixture.Name(), new(), Token), "exited", "running");
    }

    [Fact]
    public async Task Pull()
    {
        await using var fixture = await engines.FixtureAsync("dockerd");
        var registry = await engines.RegistryAsync(withUser: false);
        ImageName image = $"{registry.Name}/law:1";
        await registry.PushAsync(fixture.Engine, "law:1", "law");

        await LawAsync(fixture, DockerOperations.Pull, new() { Image = image }, () => fixture.Engine.Client.Images.DeleteImageAsync(image.Value, new() { Force = true }, Token));
        await fixture.Engine.Client.Images.DeleteImageAsync(image.Value, new() { Force = true }, Token);
    }

    private static async Task LawAsync<TRequest, TResult>(DockerFixture fixture, Operation<TRequest, TResult> operation, TRequest request, Func<Task> driftAsync, string? after = null, string? drifted = null)
        where TRequest : notnull
        where TResult : notnull
    {
        var last = (bool[])[true, false, true, false];
        for (var i = 0; i < last.Length; i++)
        {
            var check = await fixture.RunAsync(operation, request, check: true);
            Assert.Equal((Outcome.Ok, null, false, last[i]), (check.Outcome, check.Error, check.Changed, check.Check?.Changed));
            var entry = await fixture.RunAsync(operation, request);
            Assert.Equal((Outcome.Ok, null, last[i]), (entry.Outcome, entry.Error, entry.Changed));
            Assert.Null(entry.Check);
            if (after is not null)
                Assert.Equal(after, (await fixture.InspectAsync()).State);
            if (last[i] || i == last.Length - 1)
                continue;
            await driftAsync();
            if (drifted is not null)
                await UntilAsync(async () => (await fixture.InspectAsync()).State == drifted);
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> isSoAsync)
    {
        for (var begin = TimeProvider.System.GetTimestamp(); !await isSoAsync(); await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token))
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromSeconds(30), "it did not come about");
    }
}
