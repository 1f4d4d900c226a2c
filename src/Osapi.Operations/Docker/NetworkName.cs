using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Docker;

/// <summary>The network of a container: <c>bridge</c>, <c>host</c>, <c>none</c>, the name of a network, or <c>container:NAME</c> for that of another container.</summary>
[JsonConverter(typeof(TextConverter<NetworkName>))]
public sealed record NetworkName : IStringValue<NetworkName>
{
    private NetworkName(string value) => Value = value;

    static TextRule IStringValue<NetworkName>.Rule { get; } = new(
        "^(container:)?[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$",
        "the name of a network, such as bridge, host or none, or container:NAME");

    /// <inheritdoc/>
    public string Value { get; }

    static NetworkName IStringValue<NetworkName>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a name.</summary>
    /// <exception cref="FormatException">The text is not the name of a network.</exception>
    public static implicit operator NetworkName(string text) => Text.Parse<NetworkName>(text);
}
