using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Users;

/// <summary>A line of <c>authorized_keys</c> (sshd(8)): options, if any, the type of a key, the key in base64, and a comment, if any.</summary>
[JsonConverter(typeof(TextConverter<AuthorizedKey>))]
public sealed record AuthorizedKey : IStringValue<AuthorizedKey>
{
    private AuthorizedKey(string value) => Value = value;

    static TextRule IStringValue<AuthorizedKey>.Rule { get; } = new(
        $"^[^{ControlCharacters.Class}]+$",
        "a line of authorized_keys: options, if any, a type such as ssh-ed25519, the key in base64, and a comment, if any; at most 16,384 characters")
    { MaxLength = 16_384 };

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>The parts of the line.</summary>
    internal AuthorizedKeyLine Line => AuthorizedKeyLine.Find(Value)!;

    static AuthorizedKey? IStringValue<AuthorizedKey>.Create(string value) => AuthorizedKeyLine.Find(value) is null ? null : new(value);

    static AuthorizedKey? IStringValue<AuthorizedKey>.Reference(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a line.</summary>
    /// <exception cref="FormatException">The text is not a line with a key.</exception>
    public static implicit operator AuthorizedKey(string text) => Text.Parse<AuthorizedKey>(text);
}
