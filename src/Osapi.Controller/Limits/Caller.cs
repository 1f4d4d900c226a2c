using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Osapi.Controller.Limits;

/// <summary>Identifies callers for limits: the subject of a valid token, otherwise the address.</summary>
internal static class Caller
{
    private const int PrefixBytes = 8;

    /// <summary>Gets the name of a request's caller.</summary>
    public static string Of(HttpContext context) => context.User.FindFirst("sub")?.Value is { } subject ? $"subject {subject}" : $"address {AddressOf(context)}";

    /// <summary>Gets the source address of a request.</summary>
    public static string AddressOf(HttpContext context) => Text(context.Connection.RemoteIpAddress);

    /// <summary>Gets the remote address of a connection.</summary>
    public static string AddressOf(EndPoint? remote) => Text((remote as IPEndPoint)?.Address);

    // The owner of one IPv6 address has the 2^64 addresses of its network.
    private static string Text(IPAddress? address) => address switch
    {
        null => "the Unix socket",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } when !IPAddress.IsLoopback(address) => $"{new IPAddress([.. address.GetAddressBytes().Take(PrefixBytes), .. new byte[PrefixBytes]])}/64",
        _ => address.ToString(),
    };
}
