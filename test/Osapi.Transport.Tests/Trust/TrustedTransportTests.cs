using Microsoft.Extensions.Logging.Abstractions;
using Osapi.Transport.Jobs;
using Osapi.Transport.Tests.Contract;
using Osapi.Transport.Tests.Embedded;
using Osapi.Transport.Tests.Nats;
using Osapi.Transport.Trust;

namespace Osapi.Transport.Tests.Trust;

/// <summary>The contract of transports, kept through the decorator over the embedded transport.</summary>
public sealed class TrustedEmbeddedTransportTests : TransportContract
{
    protected override ITransportFixture CreateFixture() => new TrustedTransportFixture(new EmbeddedFixture());
}

/// <summary>The contract of transports, kept through a decorator that need not open what its own process has sealed.</summary>
public sealed class TrustedProcessTransportTests : TransportContract
{
    protected override ITransportFixture CreateFixture() => new TrustedTransportFixture(new EmbeddedFixture(), process: new());
}

/// <summary>The contract of transports, kept through the decorator over a broker.</summary>
public sealed class TrustedNatsTransportTests(NatsServerFixture server) : TransportContract, IClassFixture<NatsServerFixture>
{
    protected override ITransportFixture CreateFixture() => new TrustedTransportFixture(new NatsFixture(server.Server));
}

/// <summary>A store that a controller uses through the decorator.</summary>
internal sealed class TrustedTransportFixture(ITransportFixture carrier, object? process = null) : ITransportFixture
{
    private readonly ControllerKeys keys = ControllerKeys.Create();
    private readonly HostKeyTable hosts = new();

    public async Task<ITransport> OpenAsync() => Around(await carrier.OpenAsync());

    public async Task<ITransport> ReopenAsync() => Around(await carrier.ReopenAsync());

    public Task LetPassAsync(TimeSpan time) => carrier.LetPassAsync(time);

    public ValueTask DisposeAsync()
    {
        keys.Dispose();
        return carrier.DisposeAsync();
    }

    private TrustedTransport Around(ITransport transport) =>
        TrustedTransport.ForController(transport, new(keys), hosts, new(), new SkippedMessages(NullLogger.Instance, TimeProvider.System), process: process);
}
