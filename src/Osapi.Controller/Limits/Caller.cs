using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Osapi.Controller.Limits;

/// <summary>Names those whom limits count: the subject of a valid token, or the address without one.</summary>
internal static class Caller
{
    private const int PrefixBytes = 8;

    /// <summary>The name of a request's caller.</summary>
    public static string Of(HttpContext context) => context.User.FindFirst("sub")?.Value is { } subject ? $"subject {subject}" : $"address {AddressOf(context)}";

    /// <summary>The address that a request comes from.</summary>
    public static string AddressOf(HttpContext context) => Text(context.Connection.RemoteIpAddress);

    /// <summary>The address of a connection's other end.</summary>
    public static string AddressOf(EndPoint? remote) => Text((remote as IPEndPoint)?.Address);

    // Whoever has one address of IPv6 has the 2^64 of its network.
    private static string Text(IPAddress? address) => address switch
    {
        null => "the Unix socket",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } when !IPAddress.IsLoopback(address) => $"{new IPAddress([.. address.GetAddressBytes().Take(PrefixBytes), .. new byte[PrefixBytes]])}/64",
        _ => address.ToString(),
    };
}
