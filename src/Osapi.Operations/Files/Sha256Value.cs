using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>The SHA-256 of a file: 64 hexadecimal digits.</summary>
[JsonConverter(typeof(TextConverter<Sha256Value>))]
public sealed record Sha256Value : IStringValue<Sha256Value>
{
    private Sha256Value(string value) => Value = value;

    static TextRule IStringValue<Sha256Value>.Rule { get; } = new("^[0-9A-Fa-f]{64}$", "a SHA-256: 64 hexadecimal digits");

    /// <summary>The digits, in lower case.</summary>
    public string Value { get; }

    static Sha256Value IStringValue<Sha256Value>.Create(string value) => new(value.ToLowerInvariant());

    static Sha256Value IStringValue<Sha256Value>.Reference(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a value of this type.</summary>
    /// <exception cref="FormatException">The text is no SHA-256.</exception>
    public static implicit operator Sha256Value(string text) => Text.Parse<Sha256Value>(text);
}
