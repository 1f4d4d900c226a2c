using Osapi.Transport.Tests.Contract;

namespace Osapi.Transport.Tests.Nats;

public sealed class NatsTransportTests(NatsServerFixture server) : TransportContract, IClassFixture<NatsServerFixture>
{
    protected override ITransportFixture CreateFixture() => new NatsFixture(server.Server);
}
