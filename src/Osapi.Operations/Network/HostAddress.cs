using System.Net;
using System.Net.Sockets;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Network;

/// <summary>The address of a host: an IPv4 address, an IPv6 address (a link-local one with its zone, <c>fe80::1%eth0</c>), or a host name.</summary>
[JsonConverter(typeof(TextConverter<HostAddress>))]
public sealed record HostAddress : IStringValue<HostAddress>
{
    private const string Label = "[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?";

    private HostAddress(string value) => Value = value;

    /// <inheritdoc/>
    public string Value { get; }

    static TextRule IStringValue<HostAddress>.Rule { get; } = new(
        $@"^({Label}(\.{Label})*\.?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9_][A-Za-z0-9@._-]{{0,14}})?)$",
        "an IPv4 address, an IPv6 address or a host name");

    static HostAddress? IStringValue<HostAddress>.Create(string value) => IsAddress(value) ?? IsName(value) ? new(value) : null;

    static HostAddress? IStringValue<HostAddress>.Reference(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to an address, so that a request can contain <c>"192.0.2.1"</c>.</summary>
    /// <exception cref="FormatException">The text is neither an IP address nor a host name.</exception>
    public static implicit operator HostAddress(string text) => Text.Parse<HostAddress>(text);

    // The zones are known only on the host.
    private static bool? IsAddress(string text) =>
        text.Contains(':', StringComparison.Ordinal) ? IPAddress.TryParse(text.Split('%')[0], out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 : null;

    // A last label of digits makes the text an IPv4 address (WHATWG URL, "ends in a number"), which must have four plain numbers:
    // 127.1 is rejected.
    private static bool IsName(string text) =>
        text.TrimEnd('.').Split('.')[^1].ContainsAnyExceptInRange('0', '9')
            ? text.TrimEnd('.').Length <= 253
            : IPAddress.TryParse(text, out var address) && address.ToString() == text;
}
