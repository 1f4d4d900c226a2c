using Osapi.Transport.Nats;
using Osapi.Transport.Tests.Contract;

namespace Osapi.Transport.Tests.Nats;

/// <summary>A prefix on a server that other tests use as well.</summary>
internal sealed class NatsFixture(NatsServer server) : ITransportFixture
{
    private static readonly double Pace = QueueDelivery.AcknowledgeTimeout / AcknowledgeWithin;
    private NatsTransport? transport;

    // A test cannot advance the broker's clock, so the acknowledge timeout of the contract is shortened.
    private static TimeSpan AcknowledgeWithin => Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? QueueDelivery.AcknowledgeTimeout : QueueDelivery.AcknowledgeTimeout / 5;

    public NatsOptions Options { get; init; } = new()
    {
        Urls = [server.Url],
        Prefix = $"t{Guid.NewGuid():N}",
        AcknowledgeTimeout = AcknowledgeWithin,
    };

    async Task<ITransport> ITransportFixture.OpenAsync() => await OpenAsync();

    async Task<ITransport> ITransportFixture.ReopenAsync()
    {
        await transport!.DisposeAsync();
        return await OpenAsync();
    }

    public async Task<NatsTransport> OpenAsync() => transport = await NatsTransport.ConnectAsync(Options, TestContext.Current.CancellationToken);

    public Task LetPassAsync(TimeSpan time) => Task.Delay(time / Pace, TimeProvider.System, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (transport is not null)
            await transport.DisposeAsync();
    }
}
