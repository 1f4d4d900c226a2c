namespace Osapi.Agent.Tests.Files;

/// <summary>A test of deployed files, in a tree of its own.</summary>
public abstract class FileTest : IAsyncLifetime
{
    private protected FileFixture fixture = null!;

    public virtual async ValueTask InitializeAsync() => fixture = await FileFixture.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (fixture is not null)
            await fixture.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops what a test has beside the host.</summary>
    private protected virtual ValueTask StopAsync() => ValueTask.CompletedTask;
}
