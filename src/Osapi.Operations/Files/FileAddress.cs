using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>The address of a file on a web server, without credentials: those belong in headers.</summary>
[JsonConverter(typeof(TextConverter<FileAddress>))]
public sealed record FileAddress : IStringValue<FileAddress>
{
    private FileAddress(string value) => Value = value;

    static TextRule IStringValue<FileAddress>.Rule { get; } = new(
        @"^https?://[A-Za-z0-9.:\[\]-]+(/[!$&'()*+,./:;=?@A-Z_a-z~%0-9-]*)?$",
        "an address of http or https without credentials and fragment, such as https://example.com/app-1.4.tar.gz")
    { MaxLength = 2000 };

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>The address. Available once references to facts are resolved.</summary>
    internal Uri Uri => new(Value);

    static FileAddress? IStringValue<FileAddress>.Create(string value) => Uri.TryCreate(value, UriKind.Absolute, out _) ? new(value) : null;

    static FileAddress? IStringValue<FileAddress>.Reference(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to an address.</summary>
    /// <exception cref="FormatException">The text is not such an address.</exception>
    public static implicit operator FileAddress(string text) => Text.Parse<FileAddress>(text);
}
