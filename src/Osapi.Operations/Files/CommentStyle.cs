using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>The characters that make a line a comment, with a space between the beginning and the end of those that have both.</summary>
[JsonConverter(typeof(TextConverter<CommentStyle>))]
public sealed record CommentStyle : IStringValue<CommentStyle>
{
    private CommentStyle(string value) => Value = value;

    static TextRule IStringValue<CommentStyle>.Rule { get; } = new("^(#|//|;|--|\"|<!-- -->|/\\* \\*/)$", "one of # // ; -- \" <!-- --> /* */");

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>Makes a text a comment.</summary>
    internal string Of(string text) => Value.Split(' ') is [var begin, var end] ? $"{begin} {text} {end}" : $"{Value} {text}";

    static CommentStyle IStringValue<CommentStyle>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a style.</summary>
    /// <exception cref="FormatException">The text is not a known style.</exception>
    public static implicit operator CommentStyle(string text) => Text.Parse<CommentStyle>(text);
}
