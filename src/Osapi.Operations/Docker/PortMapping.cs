using System.Globalization;
using System.Net;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Osapi.Operations.Json;

namespace Osapi.Operations.Docker;

/// <summary>
/// A published port of a container: <c>8080:80</c>, <c>53:53/udp</c>, <c>127.0.0.1:8080:80</c>, <c>[::1]:8080:80</c>. Without an
/// address it is published on every address of the host. Host port 0 means any free port.
/// </summary>
[JsonConverter(typeof(TextConverter<PortMapping>))]
public sealed partial record PortMapping : IStringValue<PortMapping>
{
    private PortMapping(string value) => Value = value;

    static TextRule IStringValue<PortMapping>.Rule { get; } = new(
        @"^((([0-9]{1,3}\.){3}[0-9]{1,3}|\[[0-9A-Fa-f:.]+\]):)?[0-9]{1,5}:[0-9]{1,5}(/(tcp|udp|sctp))?$",
        "[ADDRESS:]HOST:CONTAINER[/PROTOCOL] with ports up to 65535 and the protocol tcp, udp or sctp, such as 8080:80 or 127.0.0.1:53:53/udp");

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>The address of the host; null for all addresses.</summary>
    public string? HostAddress => Group("address") is { Length: > 0 } address ? address.Trim('[', ']') : null;

    /// <summary>The port of the host; 0 for any free port.</summary>
    public int HostPort => Number("host");

    /// <summary>The port of the container.</summary>
    public int ContainerPort => Number("container");

    /// <summary>The protocol: <c>tcp</c>, <c>udp</c> or <c>sctp</c>.</summary>
    public string Protocol => Group("protocol") is { Length: > 0 } protocol ? protocol : "tcp";

    static PortMapping? IStringValue<PortMapping>.Create(string value) => new PortMapping(value) is { IsValid: true } mapping ? mapping : null;

    static PortMapping? IStringValue<PortMapping>.Reference(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a mapping.</summary>
    /// <exception cref="FormatException">The text is not a port mapping.</exception>
    public static implicit operator PortMapping(string text) => Text.Parse<PortMapping>(text);

    // Some programs read 010.0.0.1 as octal, others as decimal, so only the canonical form of IPv4 is accepted.
    private bool IsValid =>
        HostPort <= 65535 && ContainerPort is > 0 and <= 65535
        && (HostAddress is not { } text || (IPAddress.TryParse(text, out var address) && (text.Contains(':', StringComparison.Ordinal) || address.ToString() == text)));

    private int Number(string part) => int.Parse(Group(part), NumberStyles.None, CultureInfo.InvariantCulture);

    private string Group(string part) => Pattern.Match(Value).Groups[part].Value;

    [GeneratedRegex(@"^((?<address>\[.*\]|[0-9.]+):)?(?<host>[0-9]+):(?<container>[0-9]+)(/(?<protocol>[a-z]+))?$")]
    private static partial Regex Pattern { get; }
}
