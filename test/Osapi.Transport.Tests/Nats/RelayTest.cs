using Osapi.Transport.Nats;

namespace Osapi.Transport.Tests.Nats;

/// <summary>A test with two connections to one store: a direct one, and one through a relay that loses or changes what passes it.</summary>
public abstract class RelayTest : IClassFixture<NatsServerFixture>, IAsyncLifetime
{
    private readonly bool createsStreams;
    private protected readonly TcpRelay relay;
    private protected readonly ListLogger logger = new();
    private protected readonly NatsOptions options;
    private protected NatsTransport behindRelay = null!;
    private protected NatsTransport direct = null!;

    private protected RelayTest(NatsServerFixture fixture, bool createsStreams = true)
    {
        this.createsStreams = createsStreams;
        relay = new(fixture.Server);
        options = new() { Urls = [fixture.Server.Url], Prefix = $"t{Guid.NewGuid():N}" };
    }

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        direct = await NatsTransport.ConnectAsync(options, Token);
        behindRelay = await NatsTransport.ConnectAsync(options with { Urls = [relay.Url], CreateStreams = createsStreams, Logger = logger }, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await behindRelay.DisposeAsync();
        await direct.DisposeAsync();
        await relay.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
