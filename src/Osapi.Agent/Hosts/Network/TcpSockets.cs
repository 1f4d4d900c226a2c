using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Osapi.Agent.Hosts.Network;

/// <summary>The TCP sockets of the host's network, from the kernel's tables (proc_pid_net(5)).</summary>
internal static class TcpSockets
{
    private const string Listening = "0A";
    private const string Gone = "07";
    private const string TimeWait = "06";

    // A host with more has no rest of its table read: none has that many.
    private const int MaxSockets = 4_000_000;

    /// <summary>Determines for a port of the host itself whether a program listens on it, and counts the connections that have not ended.</summary>
    /// <param name="host">The host.</param>
    /// <param name="address">One of the host's own addresses.</param>
    /// <param name="port">The port.</param>
    public static (bool IsListening, int Connections) At(Host host, IPAddress address, int port)
    {
        var (isListening, connections) = (false, 0);
        foreach (var (local, state) in Read(host, "proc/net/tcp").Concat(Read(host, "proc/net/tcp6")).Where(socket => socket.Local.Port == port && IsAt(socket.Local.Address, address)))
            if (state == Listening)
                isListening = true;
            else if (state is not (Gone or TimeWait))
                connections++;
        return (isListening, connections);
    }

    private static bool IsAt(IPAddress bound, IPAddress address) =>
        bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any) || Plain(bound).Equals(Plain(address));

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new(address.GetAddressBytes());

    // sl local_address rem_address st ...; a kernel without IPv6 has no tcp6.
    private static IEnumerable<(IPEndPoint Local, string State)> Read(Host host, string file)
    {
        var path = Path.Join(host.Root, file);
        if (!File.Exists(path))
            yield break;
        foreach (var line in File.ReadLines(path).Skip(1).Take(MaxSockets))
            if (line.Split(' ', 5, StringSplitOptions.RemoveEmptyEntries) is [_, var local, _, var state, ..] && ParseEndPoint(local) is { } endPoint)
                yield return (endPoint, state);
    }

    // The address as words of 32 bits in the order of this machine's bytes, in hexadecimal digits, and the port.
    private static IPEndPoint? ParseEndPoint(string text)
    {
        if (text.Split(':') is not [{ Length: 8 or 32 } digits, var port] || !int.TryParse(port, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number))
            return null;
        Span<byte> bytes = stackalloc byte[digits.Length / 2];
        for (var word = 0; word < bytes.Length / 4; word++)
        {
            if (!uint.TryParse(digits.AsSpan(word * 8, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
                return null;
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(word * 4)..], BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value));
        }

        return new(new IPAddress(bytes), number);
    }
}
