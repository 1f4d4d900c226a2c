using System.Net.Sockets;
using System.Text;

namespace Osapi.Controller.Tests.Limits;

/// <summary>
/// Tests of the memory that many large unfinished bodies hold, with nothing else running in the process. What they cost other callers is measured
/// with processes, in the command line's tests.
/// </summary>
[CollectionDefinition(nameof(StalledBodyTests), DisableParallelization = true), Collection(nameof(StalledBodyTests))]
public sealed class StalledBodyTests() : ControllerTest(new AgentSetup("web-01", AnswersOk: true))
{
    private const int Bodies = 60;
    private const int Size = 16 << 20;

    /// <summary>
    /// Tests the largest bodies that the lowest role can send, and the next one, where templates take variables.
    /// </summary>
    [Theory]
    [InlineData("read", "/node/web-01/network/ping")]
    [InlineData("write", "/node/web-01/file/deploy")]
    public async Task Sixty_bodies_one_byte_short_take_little_memory_and_others_are_answered(string role, string path)
    {
        var token = fixture.Tokens.Generate("stalling", [role], [], TimeSpan.FromHours(1));
        var head = Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {Size}\r\n\r\n{{");
        var rest = new byte[Size - 2];
        Array.Fill(rest, (byte)' ');
        (await fixture.GetAsync("/node/web-01/hostname")).Assert2xx();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        List<TcpClient> clients = [];
        try
        {
            List<Task> sending = [];
            for (var i = 0; i < Bodies; i++)
            {
                TcpClient client = new();
                clients.Add(client);
                await client.ConnectAsync(fixture.Http.BaseAddress!.Host, fixture.Http.BaseAddress.Port, fixture.TestTimeout);
                sending.Add(SendAsync(client, head, rest));
            }

            await Task.WhenAll(sending);
            (await fixture.GetAsync("/node/web-01/hostname")).Assert2xx();
            var held = GC.GetTotalMemory(forceFullCollection: true) - before;

            TestContext.Current.TestOutputHelper!.WriteLine($"{role}: {held / 1024 / 1024} MiB held");
            Assert.InRange(held, long.MinValue, 80L << 20);
        }
        finally
        {
            foreach (var client in clients)
                client.Dispose();
        }
    }

    // A refused sender cannot send all of it.
    private async Task SendAsync(TcpClient client, byte[] head, byte[] rest)
    {
        try
        {
            await client.GetStream().WriteAsync(head, fixture.TestTimeout);
            using var shortTimeout = CancellationTokenSource.CreateLinkedTokenSource(fixture.TestTimeout);
            shortTimeout.CancelAfter(TimeSpan.FromSeconds(5));
            await client.GetStream().WriteAsync(rest, shortTimeout.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // It was refused, and its connection closed or left unread.
        }
    }
}
