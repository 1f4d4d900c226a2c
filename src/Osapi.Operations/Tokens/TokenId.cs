using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Tokens;

/// <summary>The id of a token: its claim <c>jti</c>, or <c>cert:</c> and the SHA-256 of a client certificate. A whole token is not an id.</summary>
[JsonConverter(typeof(TextConverter<TokenId>))]
public sealed record TokenId : IStringValue<TokenId>
{
    private TokenId(string value) => Value = value;

    static TextRule IStringValue<TokenId>.Rule { get; } = new("^[!-~]{1,256}$", "the id of a token (1 to 256 printable ASCII characters; not the token itself)");

    /// <inheritdoc/>
    public string Value { get; }

    // The controller executes the operations on tokens; it has no facts.
    static TokenId? IStringValue<TokenId>.Reference(string value) => null;

    // A token in the place of its id would be kept, listed and logged.
    static TokenId? IStringValue<TokenId>.Create(string value) => value.StartsWith("eyJ", StringComparison.Ordinal) && value.Contains('.', StringComparison.Ordinal) ? null : new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to an id.</summary>
    /// <exception cref="FormatException">The text is not the id of a token.</exception>
    public static implicit operator TokenId(string text) => Text.Parse<TokenId>(text);
}
