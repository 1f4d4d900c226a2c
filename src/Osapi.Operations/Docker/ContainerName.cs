using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Docker;

/// <summary>The name or id of a container. The beginning of an id is enough when it is unique.</summary>
[JsonConverter(typeof(TextConverter<ContainerName>)), ResourceName]
public sealed record ContainerName : IStringValue<ContainerName>
{
    private ContainerName(string value) => Value = value;

    static TextRule IStringValue<ContainerName>.Rule { get; } = new(
        "^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$",
        "the name or id of a container: at most 255 letters, digits, '_', '.' or '-', the first a letter or digit");

    /// <inheritdoc/>
    public string Value { get; }

    static ContainerName IStringValue<ContainerName>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a name.</summary>
    /// <exception cref="FormatException">The text is not a name or id of a container.</exception>
    public static implicit operator ContainerName(string text) => Text.Parse<ContainerName>(text);
}
