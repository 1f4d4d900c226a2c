namespace Osapi.Transport.Tests.Nats;

/// <summary>One server for a class of tests, each of which has a prefix of its own.</summary>
public sealed class NatsServerFixture : IAsyncLifetime
{
    internal NatsServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await NatsServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
