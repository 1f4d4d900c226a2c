namespace Osapi.Agent.Tests.Jobs;

/// <summary>A test of agents and their jobs, on a store of its own, with a clock that stands or with the class's own.</summary>
public abstract class JobTest : IAsyncLifetime
{
    private readonly TimeProvider? clock;
    private protected JobFixture fixture = null!;

    private protected JobTest(TimeProvider? clock = null) => this.clock = clock;

    public async ValueTask InitializeAsync() => fixture = await JobFixture.OpenAsync(clock);

    public virtual async ValueTask DisposeAsync()
    {
        if (fixture is not null)
            await fixture.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
