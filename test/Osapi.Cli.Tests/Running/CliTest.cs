namespace Osapi.Cli.Tests.Running;

/// <summary>A test of the program, with directories and an environment of its own.</summary>
public abstract class CliTest : IAsyncLifetime
{
    private protected readonly CliFixture fixture = new();

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        await fixture.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
