using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Agents;

/// <summary>The fingerprint of a public key: <c>SHA256:</c> and the hash of the key in base64, 43 characters.</summary>
[JsonConverter(typeof(TextConverter<KeyFingerprint>))]
public sealed record KeyFingerprint : IStringValue<KeyFingerprint>
{
    private KeyFingerprint(string value) => Value = value;

    static TextRule IStringValue<KeyFingerprint>.Rule { get; } = new("^SHA256:[A-Za-z0-9+/]{43}$", "the fingerprint of a key (SHA256: and 43 characters)");

    /// <inheritdoc/>
    public string Value { get; }

    // The controller executes the operations on agents; it has no facts.
    static KeyFingerprint? IStringValue<KeyFingerprint>.Reference(string value) => null;

    static KeyFingerprint IStringValue<KeyFingerprint>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a fingerprint.</summary>
    /// <exception cref="FormatException">The text is not a fingerprint.</exception>
    public static implicit operator KeyFingerprint(string text) => Text.Parse<KeyFingerprint>(text);
}
