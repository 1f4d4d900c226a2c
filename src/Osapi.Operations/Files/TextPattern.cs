using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>
/// A regular expression that is searched in a line or a text, in the syntax of .NET without lookarounds and back-references, so
/// that its time is linear. <c>^</c> and <c>$</c> match at the beginning and end of each line.
/// </summary>
[JsonConverter(typeof(TextConverter<TextPattern>))]
public sealed record TextPattern : IStringValue<TextPattern>
{
    // Together with the linear engine: a large file takes this long only with a pattern of very many states.
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(2);

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Multiline;

    private TextPattern(string value) => Value = value;

    static TextRule IStringValue<TextPattern>.Rule { get; } = new("^[^\\u0000]+$", "a regular expression without lookarounds and back-references, at most 1000 characters, not empty") { MaxLength = 1000 };

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>The expression. Available once references to facts are resolved.</summary>
    internal Regex Regex => new(Value, Options, MatchTimeout);

    static TextPattern? IStringValue<TextPattern>.Create(string value)
    {
        try
        {
            _ = new Regex(value, Options);
            return new(value);
        }
        catch (Exception invalid) when (invalid is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    static TextPattern? IStringValue<TextPattern>.Reference(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to an expression.</summary>
    /// <exception cref="FormatException">The text is not such an expression.</exception>
    public static implicit operator TextPattern(string text) => Text.Parse<TextPattern>(text);
}
