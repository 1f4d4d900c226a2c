using Osapi.Transport.Tests.Contract;

namespace Osapi.Transport.Tests.Embedded;

public sealed class EmbeddedTransportTests : TransportContract
{
    protected override ITransportFixture CreateFixture() => new EmbeddedFixture();
}
