namespace Osapi.Transport.Tests.Embedded;

/// <summary>A test of the embedded transport, on a store of its own.</summary>
public abstract class EmbeddedTest : IAsyncDisposable
{
    private protected readonly EmbeddedFixture fixture = new();

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await fixture.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
