using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>
/// A user or group of a host, by name or number. As with chown(1), a name of digits takes precedence over the number. Names from
/// directory services are accepted: <c>domain users</c>, <c>ACME\Domänen-Benutzer</c>.
/// </summary>
[JsonConverter(typeof(TextConverter<AccountName>))]
public sealed record AccountName : IStringValue<AccountName>
{
    private AccountName(string value) => Value = value;

    // Separators of passwd(5), invisible characters, and bidirectional controls.
    private const string Invisible = "\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff";

    private const string Inside = $"[^:,/{Invisible}]", Edge = $"[^:,/ {Invisible}]", First = $"[^-+~@:,/ {Invisible}]";

    static TextRule IStringValue<AccountName>.Rule { get; } = new(
        $"^{First}({Inside}{{0,254}}{Edge})?$",
        "the name or number of a user or group: at most 256 characters, no ':', ',', '/' or control characters, no space at either end, not beginning with '-', '+', '~' or '@'");

    /// <inheritdoc/>
    public string Value { get; }

    static AccountName IStringValue<AccountName>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a name or number.</summary>
    /// <exception cref="FormatException">The text is not the name or number of a user or group.</exception>
    public static implicit operator AccountName(string text) => Text.Parse<AccountName>(text);
}
