using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Network;

/// <summary>
/// A domain for completing short names: labels as in host names (RFC 1123), <c>_</c> as well, optionally with a trailing dot. With a
/// leading <c>~</c> it only routes queries for its names to the interface's servers, <c>~.</c> all queries; this requires
/// systemd-resolved.
/// </summary>
[JsonConverter(typeof(TextConverter<SearchDomain>))]
public sealed record SearchDomain : IStringValue<SearchDomain>
{
    private const string Label = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";

    private SearchDomain(string value) => Value = value;

    /// <inheritdoc/>
    public string Value { get; }

    static TextRule IStringValue<SearchDomain>.Rule { get; } = new(
        $@"^(~\.|~?{Label}(\.{Label})*\.?)$",
        "a domain such as example.com: labels of letters, digits, '_' and '-', at most 63 characters each and 253 in all; or a routing domain such as ~example.com");

    /// <summary>True when it only routes queries.</summary>
    public bool IsRouting => Value[0] == '~';

    static SearchDomain? IStringValue<SearchDomain>.Create(string value) => value.Trim('~', '.').Length <= 253 ? new(value) : null;

    static SearchDomain? IStringValue<SearchDomain>.Reference(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a domain, so that a request can contain <c>"example.com"</c>.</summary>
    /// <exception cref="FormatException">The text is not a domain.</exception>
    public static implicit operator SearchDomain(string text) => Text.Parse<SearchDomain>(text);
}
