using System.Diagnostics;
using System.Net.Sockets;

namespace Osapi.Controller.Tests.Limits;

/// <summary>Tests of the cost of three thousand connections for others, with nothing else running in the process.</summary>
[CollectionDefinition(nameof(ConnectionFloodTests), DisableParallelization = true), Collection(nameof(ConnectionFloodTests))]
public sealed class ConnectionFloodTests() : ControllerTest(new ControllerSetup
{
    Options = options => options with { Limits = new() { MaxConnections = Connections * 2 / 3 } },
    Agents = [new("web-01", AnswersOk: true)],
})
{
    private static readonly int Connections = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? 3000 : 600;

    [Fact]
    public async Task Connections_that_send_little_or_nothing_do_not_slow_others_and_take_little_memory()
    {
        await MedianAsync();
        var alone = await MedianAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        List<TcpClient> clients = [];
        try
        {
            for (var i = 0; i < Connections; i++)
            {
                TcpClient client = new();
                clients.Add(client);
                await client.ConnectAsync(fixture.Http.BaseAddress!.Host, fixture.Http.BaseAddress.Port, fixture.TestTimeout);
                // A head that never ends is not a request yet.
                if (i % 2 == 0)
                    await client.GetStream().WriteAsync("GET /agent HTTP/1.1\r\nHost: x\r\nX-Part: "u8.ToArray(), fixture.TestTimeout);
            }

            var among = await MedianAsync();
            var held = GC.GetTotalMemory(forceFullCollection: true) - before;

            TestContext.Current.TestOutputHelper!.WriteLine(
                $"{Connections} connections: {held / 1024 / 1024} MiB held; a call on a new connection {alone.TotalMilliseconds:0.0} ms without, {among.TotalMilliseconds:0.0} ms with them");
            // Client and controller are both in this process.
            Assert.InRange(held, long.MinValue, 100L << 20);
            Assert.InRange(among, TimeSpan.Zero, (alone * 4) + TimeSpan.FromMilliseconds(50));
        }
        finally
        {
            foreach (var client in clients)
                client.Dispose();
        }
    }

    // Each on a separate connection, which has to find a place.
    private async Task<TimeSpan> MedianAsync()
    {
        List<TimeSpan> times = [];
        for (var i = 0; i < 41; i++)
        {
            using ControllerCalls caller = new(fixture.Http.BaseAddress!, fixture.Admin);
            var began = Stopwatch.GetTimestamp();
            Assert.Equal(System.Net.HttpStatusCode.OK, await caller.StatusAsync("/node/web-01/hostname", fixture.TestTimeout, respondAsync: false));
            times.Add(Stopwatch.GetElapsedTime(began));
        }

        return times.Order().ElementAt(times.Count / 2);
    }
}
