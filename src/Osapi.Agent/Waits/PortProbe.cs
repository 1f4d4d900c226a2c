using System.Net;
using System.Net.Sockets;
using System.Text;
using Osapi.Operations.Files;

namespace Osapi.Agent.Waits;

/// <summary>Connects to a port, and reads what the other side sends first.</summary>
internal static class PortProbe
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxMatch = 200;

    // A search costs as much as what has arrived, however little that is more than before.
    private static readonly TimeSpan SearchInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Tries once. Without a reason, it succeeded.</summary>
    public static async Task<(string? Reason, string? Matched)> TryAsync(IPEndPoint endPoint, TextPattern? expect, CancellationToken stop)
    {
        try
        {
            // Fails where the host has no IPv6.
            using Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(endPoint, stop);
            return expect is null ? (null, null) : await SearchAsync(socket, expect, stop);
        }
        catch (SocketException failure)
        {
            return (ReasonOf(failure), null);
        }
    }

    private static async Task<(string? Reason, string? Matched)> SearchAsync(Socket socket, TextPattern expect, CancellationToken stop)
    {
        var regex = expect.Regex;
        var buffer = new byte[MaxBytes];
        var (length, searched) = (0, TimeProvider.System.GetTimestamp());
        var isEnd = false;
        while (true)
        {
            try
            {
                var count = await socket.ReceiveAsync(buffer.AsMemory(length), SocketFlags.None, stop);
                length += count;
                isEnd = count == 0 || length == MaxBytes;
            }
            catch (OperationCanceledException)
            {
                isEnd = true;
            }

            if (!isEnd && TimeProvider.System.GetElapsedTime(searched) < SearchInterval && length > MaxMatch)
                continue;
            searched = TimeProvider.System.GetTimestamp();
            if (regex.Match(Encoding.UTF8.GetString(buffer, 0, length)) is { Success: true } match)
                return (null, match.Value.Length > MaxMatch ? match.Value[..MaxMatch] : match.Value);
            if (isEnd)
                return ($"it sent {length} bytes that do not match", null);
        }
    }

    private static string ReasonOf(SocketException failure) => failure.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "the connection was refused",
        SocketError.TimedOut => "no answer",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "there is no route",
        SocketError.ConnectionReset => "the connection was broken off",
        _ => failure.Message,
    };
}
