using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Network;

/// <summary>
/// The name of a network interface. The kernel allows almost any 15 bytes; only the characters of real names are accepted here,
/// including VLANs (<c>eth0.100</c>) and bridges (<c>br-lan</c>). A name cannot be a path or be mistaken for a command-line option.
/// </summary>
[JsonConverter(typeof(TextConverter<InterfaceName>)), ResourceName]
public sealed record InterfaceName : IStringValue<InterfaceName>
{
    private InterfaceName(string value) => Value = value;

    /// <inheritdoc/>
    public string Value { get; }

    static TextRule IStringValue<InterfaceName>.Rule { get; } = new(
        "^[A-Za-z0-9_][A-Za-z0-9@._-]{0,14}$",
        "the name of a network interface: at most 15 letters, digits, '_', '@', '.' or '-', the first a letter, digit or '_'");

    static InterfaceName IStringValue<InterfaceName>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a name, so that a request can contain <c>"eth0"</c>.</summary>
    /// <exception cref="FormatException">The text is not the name of an interface.</exception>
    public static implicit operator InterfaceName(string text) => Text.Parse<InterfaceName>(text);
}
