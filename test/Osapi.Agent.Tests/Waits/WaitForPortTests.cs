using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Osapi.Agent.Handlers;
using Osapi.Operations;
using Osapi.Operations.Waits;

namespace Osapi.Agent.Tests.Waits;

/// <summary>Tests of waiting for ports of this machine's loopback.</summary>
public sealed class WaitForPortTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_port_that_opens_later_is_waited_for()
    {
        var port = FreePort();
        var waiting = RunAsync(new() { Port = port, Timeout = 60 });
        // Refused at least once.
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Token);
        using var listener = Listen(port);

        var result = Result(await waiting);

        Assert.Equal((PortState.Open, "127.0.0.1", null), (result.State, result.Address, result.Matched));
        Assert.True(result.Attempts >= 2 && result.WaitedMs >= 900, $"{result}");
    }

    [Fact]
    public async Task A_port_that_stays_closed_is_a_timeout_with_the_last_reason()
    {
        var port = FreePort();

        var reply = await RunAsync(new() { Port = port, Timeout = 1 });

        Assert.Equal((Outcome.Failed, ErrorType.Timeout, false), (reply.Outcome, reply.ErrorType, reply.Changed));
        Assert.Equal($"port {port} of 127.0.0.1 is not open after 1 s and 1 attempt: the connection was refused", reply.Error);
    }

    [Fact]
    public async Task A_port_that_does_not_answer_takes_as_long_as_an_attempt_may()
    {
        using var full = Listen(0, backlog: 0);
        using Fill fill = new(PortOf(full));

        var reply = await RunAsync(new() { Port = PortOf(full), Timeout = 3, ConnectTimeout = 1 });

        Assert.Equal(ErrorType.Timeout, reply.ErrorType);
        Assert.EndsWith(": no answer within 1 s", reply.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listener_whose_queue_is_full_is_not_closed()
    {
        using var full = Listen(0, backlog: 0);
        using Fill fill = new(PortOf(full));

        var reply = await RunAsync(new() { Port = PortOf(full), State = PortState.Closed, Timeout = 1 });

        Assert.EndsWith($"a program listens on port {PortOf(full)}", reply.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_port_may_still_have_connections_and_a_drained_one_has_none()
    {
        var listener = Listen(0);
        var port = PortOf(listener);
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, port, Token);
        var accepted = await listener.AcceptAsync(Token);
        var open = await RunAsync(new() { Port = port, State = PortState.Closed, Timeout = 1 });
        listener.Dispose();

        var closed = await RunAsync(new() { Port = port, State = PortState.Closed, Timeout = 1 });
        var undrained = await RunAsync(new() { Port = port, State = PortState.Drained, Timeout = 1 });
        accepted.Dispose();
        client.Close();
        var drained = await RunAsync(new() { Port = port, State = PortState.Drained, Timeout = 60 });

        Assert.Equal((ErrorType.Timeout, Outcome.Ok, ErrorType.Timeout), (open.ErrorType, closed.Outcome, undrained.ErrorType));
        Assert.EndsWith($": 1 connection to port {port} has not ended", undrained.Error, StringComparison.Ordinal);
        Assert.Equal((PortState.Drained, null), (Result(drained).State, Result(drained).Address));
    }

    [Fact]
    public async Task The_connections_of_another_host_are_not_known()
    {
        var reply = await RunAsync(new() { Host = "192.0.2.1", Port = 80, State = PortState.Drained, Timeout = 60 });

        Assert.Equal((ErrorType.Invalid, "state: drained is only known of the host's own ports, and 192.0.2.1 is another host's"), (reply.ErrorType, reply.Error));
    }

    [Fact]
    public async Task What_the_other_side_sends_is_searched_and_shown_in_part()
    {
        using var listener = Listen(0);
        var greeting = GreetAsync(listener, $"SSH-2.0-OpenSSH_9.2\r\n{new string('x', 1000)}");

        var version = Result(await RunAsync(new() { Port = PortOf(listener), Expect = "^SSH-2\\.0-\\w+" }));
        var all = Result(await RunAsync(new() { Port = PortOf(listener), Expect = "(?s)SSH.*" }));
        var other = await RunAsync(new() { Port = PortOf(listener), Expect = "^220 ", Timeout = 1 });

        Assert.Equal(("SSH-2.0-OpenSSH_9", 200), (version.Matched, all.Matched!.Length));
        Assert.EndsWith("it sent 1021 bytes that do not match", other.Error, StringComparison.Ordinal);
        listener.Dispose();
        await greeting;
    }

    [Fact]
    public async Task A_peer_that_dribbles_bytes_does_not_hold_an_attempt()
    {
        using var listener = Listen(0);
        var dribbling = GreetAsync(listener, new string('x', 10_000), dribble: true);
        var begin = TimeProvider.System.GetTimestamp();

        var reply = await RunAsync(new() { Port = PortOf(listener), Expect = "ready", Timeout = 1, ConnectTimeout = 1 });

        Assert.Equal(ErrorType.Timeout, reply.ErrorType);
        Assert.True(TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromSeconds(30));
        listener.Dispose();
        await dribbling;
    }

    [Fact]
    public async Task A_check_tries_once_and_does_not_wait()
    {
        var port = FreePort();
        using var listener = Listen(0);

        var closed = await RunAsync(new() { Port = port, Delay = 100, Timeout = 200 }, check: true);
        var open = await RunAsync(new() { Port = PortOf(listener), Delay = 100, Timeout = 200 }, check: true);

        Assert.Equal((ErrorType.Conflict, $"port {port} of 127.0.0.1 is not open at present: the connection was refused"), (closed.ErrorType, closed.Error));
        Assert.Equal((Outcome.Ok, false), (open.Outcome, open.Check!.Changed));
    }

    [Fact]
    public async Task All_addresses_of_a_name_are_tried_and_a_name_may_be_unknown_at_first()
    {
        using var listener = Listen(0);

        var local = Result(await RunAsync(new() { Host = "localhost", Port = PortOf(listener) }));
        var unknown = await RunAsync(new() { Host = "no-such-host.invalid", Port = 80, Timeout = 1 });

        Assert.Equal("127.0.0.1", local.Address);
        Assert.Equal(ErrorType.Timeout, unknown.ErrorType);
        Assert.Contains("no-such-host.invalid", unknown.Error, StringComparison.Ordinal);
    }

    private static PortWaitResult Result(HostReply reply)
    {
        Assert.Equal((Outcome.Ok, null, false), (reply.Outcome, reply.Error, reply.Changed));
        return reply.Result!.Value.Deserialize(WaitOperations.Port.Result)!;
    }

    private static Task<HostReply> RunAsync(WaitForPort request, bool check = false) =>
        new OperationExecutor(AgentHandlers.All, new() { Name = "web-01" })
            .RunAsync(WaitOperations.Port.Id, JsonSerializer.SerializeToUtf8Bytes(request, WaitOperations.Port.Request), check, Token);

    private static Socket Listen(int port, int backlog = 10)
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(backlog);
        return listener;
    }

    private static int PortOf(Socket listener) => ((IPEndPoint)listener.LocalEndPoint!).Port;

    private static int FreePort()
    {
        using var listener = Listen(0);
        return PortOf(listener);
    }

    private static async Task GreetAsync(Socket listener, string greeting, bool dribble = false)
    {
        try
        {
            while (true)
            {
                using var accepted = await listener.AcceptAsync(Token);
                for (var at = 0; dribble && at < greeting.Length; at++)
                {
                    await accepted.SendAsync(new byte[] { (byte)greeting[at] }, Token);
                    await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
                }

                await accepted.SendAsync(Encoding.ASCII.GetBytes(dribble ? "" : greeting), Token);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The listener or the other side has ended.
        }
    }

    /// <summary>Connections that fill the queue of a listener that accepts none.</summary>
    private sealed class Fill : IDisposable
    {
        private readonly List<Socket> sockets = [];

        public Fill(int port)
        {
            for (var count = 0; count < 4; count++)
            {
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                try
                {
                    socket.Connect(IPAddress.Loopback, port);
                }
                catch (SocketException inProgress) when (inProgress.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
                {
                    // It is connected, or waits for a place.
                }

                sockets.Add(socket);
            }
        }

        public void Dispose() => sockets.ForEach(socket => socket.Dispose());
    }
}
