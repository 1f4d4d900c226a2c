namespace Osapi.Transport.Tests.Nats;

/// <summary>One server for a class of tests, each of which has its own prefix.</summary>
public sealed class NatsServerFixture : IAsyncLifetime
{
    internal NatsServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await NatsServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
