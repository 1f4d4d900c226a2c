using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>
/// A user or a group of a host, by name or by number. A name that consists of digits goes before the number, as with chown(1).
/// Names of directories are taken as hosts have them: <c>domain users</c>, <c>ACME\Domänen-Benutzer</c>.
/// </summary>
[JsonConverter(typeof(TextConverter<AccountName>))]
public sealed record AccountName : IStringValue<AccountName>
{
    private AccountName(string value) => Value = value;

    // What ends a field or a line of passwd(5), what cannot be seen, and what turns the direction of writing.
    private const string Unseen = "\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff";

    private const string Inside = $"[^:,/{Unseen}]", Edge = $"[^:,/ {Unseen}]", First = $"[^-+~@:,/ {Unseen}]";

    /// <inheritdoc/>
    public static TextRule Rule { get; } = new(
        $"^{First}({Inside}{{0,254}}{Edge})?$",
        "the name or number of a user or group: at most 256 characters, no ':', ',', '/' or control characters, no space at either end, the first none of '-', '+', '~', '@'");

    /// <inheritdoc/>
    public string Value { get; }

    static AccountName IStringValue<AccountName>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Reads a name or number.</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static implicit operator AccountName(string text) => Text.Parse<AccountName>(text);
}
