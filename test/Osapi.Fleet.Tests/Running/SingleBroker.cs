namespace Osapi.Fleet.Tests.Running;

/// <summary>One fleet for the suites that leave it intact.</summary>
public sealed class SingleBroker : IAsyncLifetime
{
    private RunningFleet? fleet;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Gets the fleet, repaired; started on first use.</summary>
    internal async Task<RunningFleet> GetAsync()
    {
        if (fleet is null)
            fleet = await RunningFleet.StartAsync("single", brokers: 1, TestContext.Current.CancellationToken);
        else
            await fleet.HealAsync(TestContext.Current.CancellationToken);
        return fleet;
    }

    public async ValueTask DisposeAsync()
    {
        if (fleet is not null)
            await fleet.DisposeAsync();
    }
}

/// <summary>The suites of one fleet, which run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class SingleBrokerSuites : ICollectionFixture<SingleBroker>
{
    public const string Name = "a fleet with one broker";
}
