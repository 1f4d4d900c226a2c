using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests.Memory;

/// <summary>Tests of the memory that large unfinished request bodies take in a running system.</summary>
public sealed class StalledBodyMemoryTests(ITestOutputHelper output) : CliTest
{
    private const long MostResident = 300_000_000;

    private readonly StalledBodies bodies = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public override ValueTask InitializeAsync()
    {
        ResidentMemory.NeedsPublished();
        return ValueTask.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        bodies.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>
    /// Tests the largest bodies that the lowest role can send, and the next one, where templates take variables.
    /// </summary>
    [Theory]
    [InlineData("read", "/node/web-01/network/ping")]
    [InlineData("write", "/node/web-01/file/deploy")]
    public async Task Sixty_of_them_one_byte_short_take_little_memory_and_others_are_answered(string role, string path)
    {
        var system = await fixture.StartSystemAsync("--hostname", "web-01");
        using var other = system.Http(await fixture.TokenAsync("read"));
        await bodies.SendAsync(system, await fixture.TokenAsync(role), path);
        (await other.GetAsync(new Uri("node/web-01/hostname", UriKind.Relative), Token)).EnsureSuccessStatusCode();

        var resident = ResidentMemory.Of(system.Program);
        output.WriteLine($"{role}: {resident / 1_000_000} MB");
        Assert.InRange(resident, 0, MostResident);
    }
}
