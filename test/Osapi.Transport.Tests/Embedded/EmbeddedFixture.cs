using Microsoft.Extensions.Time.Testing;
using Osapi.Transport.Embedded;
using Osapi.Transport.Tests.Contract;

namespace Osapi.Transport.Tests.Embedded;

/// <summary>A store in its own directory, with a clock that stands until it is advanced.</summary>
internal sealed class EmbeddedFixture : ITransportFixture
{
    private EmbeddedTransport? transport;

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("osapi-").FullName;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero));

    public EmbeddedOptions Options => new() { Directory = Path.Combine(Directory, "state"), TimeProvider = Time };

    async Task<ITransport> ITransportFixture.OpenAsync() => await OpenAsync();

    async Task<ITransport> ITransportFixture.ReopenAsync() => await ReopenAsync();

    public async Task<EmbeddedTransport> OpenAsync() => transport = await EmbeddedTransport.OpenAsync(Options, TestContext.Current.CancellationToken);

    public async Task<EmbeddedTransport> ReopenAsync()
    {
        await transport!.DisposeAsync();
        return await OpenAsync();
    }

    public Task LetPassAsync(TimeSpan time)
    {
        Time.Advance(time);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (transport is not null)
            await transport.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
