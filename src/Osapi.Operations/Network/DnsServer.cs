using System.Net;
using System.Net.Sockets;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Network;

/// <summary>
/// The address of a DNS server, in its canonical form (RFC 5952 for IPv6). A link-local address may have a zone, <c>fe80::1%eth0</c>;
/// without a zone it belongs to the interface in the request.
/// </summary>
[JsonConverter(typeof(TextConverter<DnsServer>))]
public sealed record DnsServer : IStringValue<DnsServer>
{
    private DnsServer(string value) => Value = value;

    /// <inheritdoc/>
    public string Value { get; }

    static TextRule IStringValue<DnsServer>.Rule { get; } = new(
        @"^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9_][A-Za-z0-9@._-]{0,14})?)$",
        "the IPv4 or IPv6 address of a DNS server, a link-local one optionally with its zone");

    static DnsServer? IStringValue<DnsServer>.Create(string value) => Canonical(value) is { } address ? new(address) : null;

    static DnsServer? IStringValue<DnsServer>.Reference(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to an address, so that a request can contain <c>"192.0.2.53"</c>.</summary>
    /// <exception cref="FormatException">The text is not a valid address of a server.</exception>
    public static implicit operator DnsServer(string text) => Text.Parse<DnsServer>(text);

    // Some programs read 010.0.0.1 as octal, others as decimal, so only the canonical form of IPv4 is accepted. The unspecified
    // address, multicast and broadcast addresses are never servers.
    private static string? Canonical(string text) => text.Split('%') is [var link, var zone]
        ? IPAddress.TryParse(link, out var local) && local.IsIPv6LinkLocal ? $"{local}%{zone}" : null
        : CanonicalAddress(text);

    private static string? CanonicalAddress(string text) =>
        IPAddress.TryParse(text, out var address) && address.ToString() is var canonical
        && (address.AddressFamily == AddressFamily.InterNetworkV6 ? !address.IsIPv6Multicast && !address.Equals(IPAddress.IPv6Any) : canonical == text && IsHost(address))
            ? canonical
            : null;

    private static bool IsHost(IPAddress address) => address.GetAddressBytes()[0] is > 0 and < 224;
}
