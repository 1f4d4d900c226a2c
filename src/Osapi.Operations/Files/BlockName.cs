using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>The name of a block of lines in a file.</summary>
[JsonConverter(typeof(TextConverter<BlockName>))]
public sealed record BlockName : IStringValue<BlockName>
{
    private BlockName(string value) => Value = value;

    static TextRule IStringValue<BlockName>.Rule { get; } = new("^[A-Za-z0-9_.-]{1,64}$", "the name of a block: 1 to 64 letters, digits, '_', '.' and '-'");

    /// <inheritdoc/>
    public string Value { get; }

    static BlockName IStringValue<BlockName>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a name.</summary>
    /// <exception cref="FormatException">The text is not the name of a block.</exception>
    public static implicit operator BlockName(string text) => Text.Parse<BlockName>(text);
}
