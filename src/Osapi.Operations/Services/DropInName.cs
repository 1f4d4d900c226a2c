using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Services;

/// <summary>The name of a drop-in: a file with settings that are added to a unit's own, such as <c>limits.conf</c>.</summary>
[JsonConverter(typeof(TextConverter<DropInName>)), ResourceName]
public sealed record DropInName : IStringValue<DropInName>
{
    private DropInName(string value) => Value = value;

    static TextRule IStringValue<DropInName>.Rule { get; } = new(
        "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,100}\\.conf$",
        "the name of a drop-in, such as limits.conf: letters, digits, '_', '.' and '-', the first none of the last two, ending with .conf");

    /// <inheritdoc/>
    public string Value { get; }

    static DropInName IStringValue<DropInName>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a name.</summary>
    /// <exception cref="FormatException">The text is not the name of a drop-in.</exception>
    public static implicit operator DropInName(string text) => Text.Parse<DropInName>(text);
}
