using System.Text.RegularExpressions;
using Osapi.Operations.Facts;

namespace Osapi.Operations.Json;

/// <summary>A string with one validation rule that JSON, the schema, the command line and the host share.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
internal interface IStringValue<TSelf>
    where TSelf : class, IStringValue<TSelf>
{
    /// <summary>The text.</summary>
    string Value { get; }

    /// <summary>The rule that the text must satisfy.</summary>
    static abstract TextRule Rule { get; }

    /// <summary>Creates a value from text that satisfies the rule. Null when a check beyond the pattern rejects it.</summary>
    static abstract TSelf? Create(string value);

    /// <summary>
    /// Creates a value from text with references to facts, which the host resolves before it applies the rule. Null where references
    /// are not supported. A type whose <see cref="Create"/> rejects text beyond the pattern overrides this to accept references.
    /// </summary>
    static virtual TSelf? Reference(string value) => TSelf.Create(value);
}

/// <summary>A rule for text.</summary>
/// <param name="pattern">A regular expression without lookarounds and back-references, anchored, as JSON Schema allows it.</param>
/// <param name="description">A description that follows "must be": <c>the name of a systemd unit</c>.</param>
internal sealed class TextRule(string pattern, string description)
{
    // NonBacktracking rejects lookarounds, which keeps patterns portable, and is linear on hostile input. With a pattern of many
    // states it still takes seconds for a text of 10 MB.
    private readonly Regex regex = new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>The maximum number of characters; a longer text is rejected. The default is 4,096, the maximum of a path (PATH_MAX in limits.h).</summary>
    public int MaxLength { get; init; } = 4096;

    /// <summary>The format that the schema states in addition to the pattern, such as <c>uuid</c>; null for none.</summary>
    public string? Format { get; init; }

    /// <summary>The pattern, as it is written in the schema.</summary>
    public string Pattern => pattern;

    /// <summary>The description that follows "must be".</summary>
    public string Description => description;

    /// <summary>Determines whether the whole text satisfies the rule: in .NET a <c>$</c> would also match before a final line feed.</summary>
    public bool Allows(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxLength)
            return false;
        var match = regex.Match(text);
        return match.Success && match.Length == text.Length;
    }
}

/// <summary>Parses constrained strings.</summary>
internal static class Text
{
    /// <summary>Gets the rule of a type.</summary>
    public static TextRule RuleOf<T>()
        where T : class, IStringValue<T> => T.Rule;

    /// <summary>Converts text to a value.</summary>
    /// <exception cref="FormatException">The text does not satisfy the rule.</exception>
    public static T Parse<T>(string text)
        where T : class, IStringValue<T> => TryParse<T>(text) ?? throw new FormatException($"'{text}' is not {T.Rule.Description}.");

    /// <summary>
    /// Converts text to a value; null when it does not satisfy the rule. Text with known references to facts is accepted: only the
    /// host can validate it.
    /// </summary>
    public static T? TryParse<T>(string text)
        where T : class, IStringValue<T> => FactReference.ArePending(text) ? T.Reference(text) : TryParseResolved<T>(text);

    /// <summary>Converts text without unresolved references to a value; null when it does not satisfy the rule.</summary>
    public static T? TryParseResolved<T>(string text)
        where T : class, IStringValue<T> => T.Rule.Allows(text) ? T.Create(text) : null;
}
