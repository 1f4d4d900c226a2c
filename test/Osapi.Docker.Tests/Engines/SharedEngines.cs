using Osapi.Docker.Tests.Engines;

[assembly: AssemblyFixture(typeof(SharedEngines))]

namespace Osapi.Docker.Tests.Engines;

/// <summary>
/// The engines and registries that tests share, each started on first use. At the end of the suite they must be empty.
/// </summary>
public sealed class SharedEngines : IAsyncLifetime
{
    private readonly SemaphoreSlim one = new(1);
    private readonly Dictionary<string, TestEngine> engines = [];
    private readonly Dictionary<bool, Registry> registries = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    internal async Task<TestEngine> EngineAsync(string kind = "dockerd")
    {
        var trusted = new[] { await RegistryAsync(withUser: false), await RegistryAsync(withUser: true) }.Select(registry => registry.Name);
        return await OnceAsync(engines, kind, () => TestEngine.StartAsync(kind, trusted));
    }

    /// <summary>Gets a fixture of one test on a shared engine.</summary>
    internal async Task<DockerFixture> FixtureAsync(string kind = "dockerd") => new(await EngineAsync(kind));

    internal Task<Registry> RegistryAsync(bool withUser) => OnceAsync(registries, withUser, () => Registry.StartAsync(withUser));

    public async ValueTask DisposeAsync()
    {
        List<string> left = [];
        foreach (var engine in engines.Values)
        {
            left.AddRange((await engine.ContainersAsync()).Select(name => $"{engine.Kind}: {name}"));
            await engine.DisposeAsync();
        }

        foreach (var registry in registries.Values)
            await registry.DisposeAsync();
        one.Dispose();
        Assert.Empty(left);
    }

    private async Task<T> OnceAsync<TKey, T>(Dictionary<TKey, T> known, TKey key, Func<Task<T>> startAsync)
        where TKey : notnull
    {
        await one.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return known.TryGetValue(key, out var found) ? found : known[key] = await startAsync();
        }
        finally
        {
            one.Release();
        }
    }
}
