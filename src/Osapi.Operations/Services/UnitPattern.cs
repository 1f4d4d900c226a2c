using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Services;

/// <summary>A pattern of unit names, in which <c>*</c>, <c>?</c> and <c>[abc]</c> stand for other characters.</summary>
[JsonConverter(typeof(TextConverter<UnitPattern>))]
public sealed record UnitPattern : IStringValue<UnitPattern>
{
    private UnitPattern(string value) => Value = value;

    static TextRule IStringValue<UnitPattern>.Rule { get; } = new(
        @"^[A-Za-z0-9:_\\@*?\[][A-Za-z0-9:_.\\@*?\[\]!-]{0,254}$",
        "a pattern of unit names, such as ssh* or *.timer: at most 255 characters of unit names, '*', '?' and '[abc]'");

    /// <inheritdoc/>
    public string Value { get; }

    static UnitPattern IStringValue<UnitPattern>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a pattern.</summary>
    /// <exception cref="FormatException">The text is not a pattern of unit names.</exception>
    public static implicit operator UnitPattern(string text) => Text.Parse<UnitPattern>(text);
}
