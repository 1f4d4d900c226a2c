using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Osapi.Hosting;

namespace Osapi.Controller.Tests.Embedded;

/// <summary>Tests of the cost of many event streams for callers who run jobs, with nothing else running in the process.</summary>
[CollectionDefinition(nameof(IdleStreamTests), DisableParallelization = true), Collection(nameof(IdleStreamTests))]
public sealed class IdleStreamTests : NodeTest, IAsyncLifetime
{
    private static readonly int Streams = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? 1000 : 200;

    private OsapiNode system = null!;
    private HttpClient http = null!;

    public async ValueTask InitializeAsync()
    {
        system = await OsapiNode.StartAsync(
            Options with { Controller = new() { Limits = new() { MaxEventStreams = Streams, MaxEventStreamsPerCaller = Streams } } }, Token);
        http = new(new SocketsHttpHandler { ConnectCallback = ConnectAsync }) { BaseAddress = new("http://localhost"), DefaultRequestHeaders = { Authorization = new("Bearer", AdminToken.Of(State)) } };
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await system.DisposeAsync();
        Dispose();
    }

    [Fact]
    public async Task Jobs_are_about_as_fast_with_many_streams_as_with_none()
    {
        await MedianAsync();
        var alone = await MedianAsync();
        List<HttpResponseMessage> streams = [];
        for (var i = 0; i < Streams; i++)
        {
            using HttpRequestMessage message = new(HttpMethod.Get, "/job/events");
            streams.Add(await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, Token));
            Assert.Equal(HttpStatusCode.OK, streams[^1].StatusCode);
        }

        var among = await MedianAsync();

        TestContext.Current.TestOutputHelper!.WriteLine($"{Streams} streams: a job {alone.TotalMilliseconds:0.0} ms without, {among.TotalMilliseconds:0.0} ms with them");
        foreach (var stream in streams)
            stream.Dispose();
        // It was 27 times with a thousand of them. A generous limit: absolute times mean nothing on a shared machine.
        Assert.InRange(among, TimeSpan.Zero, (alone * 4) + TimeSpan.FromMilliseconds(20));
    }

    private async Task<TimeSpan> MedianAsync()
    {
        List<TimeSpan> times = [];
        for (var i = 0; i < 61; i++)
        {
            var began = Stopwatch.GetTimestamp();
            using var answer = await http.GetAsync(new Uri("/node/_any/hostname", UriKind.Relative), Token);
            times.Add(Stopwatch.GetElapsedTime(began));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        return times.Order().ElementAt(times.Count / 2);
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(system.Socket!), cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
