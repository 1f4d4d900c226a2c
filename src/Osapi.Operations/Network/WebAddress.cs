using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Network;

/// <summary>An address on a web server, without credentials: those belong in headers.</summary>
[JsonConverter(typeof(TextConverter<WebAddress>))]
public sealed record WebAddress : IStringValue<WebAddress>
{
    private WebAddress(string value) => Value = value;

    static TextRule IStringValue<WebAddress>.Rule { get; } = new(
        @"^https?://[A-Za-z0-9.:\[\]-]+(/[!$&'()*+,./:;=?@A-Z_a-z~%0-9-]*)?$",
        "an address of http or https without credentials and fragment, such as https://example.com/app-1.4.tar.gz")
    { MaxLength = 2000 };

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>The address. Available once references to facts are resolved.</summary>
    internal Uri Uri => new(Value);

    static WebAddress? IStringValue<WebAddress>.Create(string value) => Uri.TryCreate(value, UriKind.Absolute, out _) ? new(value) : null;

    static WebAddress? IStringValue<WebAddress>.Reference(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to an address.</summary>
    /// <exception cref="FormatException">The text is not such an address.</exception>
    public static implicit operator WebAddress(string text) => Text.Parse<WebAddress>(text);
}
