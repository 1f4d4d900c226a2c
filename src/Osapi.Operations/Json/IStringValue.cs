using System.Text.RegularExpressions;
using Osapi.Operations.Facts;

namespace Osapi.Operations.Json;

/// <summary>A constrained text: one rule, used by JSON, the schema, the command line and the host.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface IStringValue<TSelf>
    where TSelf : class, IStringValue<TSelf>
{
    /// <summary>The text.</summary>
    string Value { get; }

    /// <summary>What the text must look like.</summary>
    static abstract TextRule Rule { get; }

    /// <summary>Makes a value of text that keeps the rule. Null when a check beyond the pattern refuses it.</summary>
    static abstract TSelf? Create(string value);

    /// <summary>
    /// Makes a value of text with references to facts, which the host puts in place before it looks at the rule. Null where
    /// references have no meaning. A type whose <see cref="Create"/> refuses text beyond the pattern says here that it takes them.
    /// </summary>
    static virtual TSelf? Reference(string value) => TSelf.Create(value);
}

/// <summary>What a constrained text must look like.</summary>
/// <param name="pattern">A regular expression without lookarounds or back-references, anchored, as JSON Schema allows it.</param>
/// <param name="description">What it is, to follow "must be": <c>the name of a systemd unit</c>.</param>
public sealed class TextRule(string pattern, string description)
{
    // NonBacktracking refuses lookarounds, which keeps patterns portable, and is linear on hostile input; with a pattern of
    // many states a text of 10 MB takes it seconds all the same.
    private readonly Regex regex = new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>The most characters that are looked at; a longer text is refused. 4,096 unless said otherwise, as much as a path may have (PATH_MAX in limits.h).</summary>
    public int MaxLength { get; init; } = 4096;

    /// <summary>The format that the schema names beside the pattern, such as <c>uuid</c>; null for none.</summary>
    public string? Format { get; init; }

    /// <summary>The pattern, as it goes into the schema.</summary>
    public string Pattern => pattern;

    /// <summary>What the text is, to follow "must be".</summary>
    public string Description => description;

    /// <summary>True when the text keeps the rule, all of it: in .NET a <c>$</c> would also match before a last line feed.</summary>
    public bool Allows(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxLength)
            return false;
        var match = regex.Match(text);
        return match.Success && match.Length == text.Length;
    }
}

/// <summary>Reading constrained texts.</summary>
public static class Text
{
    /// <summary>The value for the text.</summary>
    /// <exception cref="FormatException">The text does not keep the rule.</exception>
    public static T Parse<T>(string text)
        where T : class, IStringValue<T> => TryParse<T>(text) ?? throw new FormatException($"'{text}' is not {T.Rule.Description}.");

    /// <summary>The value for the text; null when it does not keep the rule. Text with known references to facts passes: only the host can judge it.</summary>
    public static T? TryParse<T>(string text)
        where T : class, IStringValue<T> => FactReference.ArePending(text) ? T.Reference(text) : TryParseResolved<T>(text);

    /// <summary>The value for text in which nothing is left to be put in place; null when it does not keep the rule.</summary>
    public static T? TryParseResolved<T>(string text)
        where T : class, IStringValue<T> => T.Rule.Allows(text) ? T.Create(text) : null;
}
