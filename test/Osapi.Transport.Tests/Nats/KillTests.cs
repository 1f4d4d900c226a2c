using Osapi.Transport.Nats;

namespace Osapi.Transport.Tests.Nats;

public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Acknowledged_messages_survive_kills_of_the_server_and_a_follower_gets_each_once_in_order()
    {
        await using var server = await NatsServer.StartAsync();
        await using var transport = await NatsTransport.ConnectAsync(new() { Urls = [server.Url] }, Token);
        var kills = Full ? 30 : 3;
        await using AppendLoad load = new(transport, callers: 8);

        for (var kill = 0; kill < kills; kill++)
        {
            await load.AppendedAsync(500, Token);
            await server.RestartAsync();
        }

        await load.AppendedAsync(500, Token);
        await load.StopAsync();
        output.WriteLine($"{kills} kills, {load.Acknowledged.Count} messages acknowledged, {load.Failures} calls failed");
        await load.CheckAsync(Token);
    }

    [Fact]
    public async Task Exactly_one_contender_gets_each_token_also_while_the_server_is_killed()
    {
        await using var server = await NatsServer.StartAsync();

        await Contenders.RunAsync(new() { Urls = [server.Url] }, Full ? 3000 : 600, server.RestartAsync, output, Token);
    }
}
