using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>A user or a group of a host, by name or by number. A name that consists of digits goes before the number, as with chown(1).</summary>
[JsonConverter(typeof(TextConverter<AccountName>))]
public sealed record AccountName : IText<AccountName>
{
    private AccountName(string value) => Value = value;

    /// <inheritdoc/>
    public static TextRule Rule { get; } = new("^[A-Za-z0-9_][A-Za-z0-9_.@\\\\-]{0,254}\\$?$", "the name or number of a user or group");

    /// <inheritdoc/>
    public string Value { get; }

    static AccountName IText<AccountName>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Reads a name or number.</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static implicit operator AccountName(string text) => Text.Parse<AccountName>(text);
}
