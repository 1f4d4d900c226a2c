using System.Text;
using System.Text.RegularExpressions;

namespace Osapi.Operations.Facts;

/// <summary>
/// References to facts in text: <c>@fact.</c> and a name of words that dots separate, of which the longest known beginning
/// counts: <c>@fact.hostname.example.com</c> is the host's name and <c>.example.com</c>. A second dot, <c>@fact..</c>, stands
/// for the plain characters <c>@fact.</c>.
/// </summary>
public static partial class FactReference
{
    /// <summary>What a reference begins with.</summary>
    public const string Prefix = "@fact.";

    /// <summary>True when the text has references, or the plain characters written with two dots, and all references are known: it means something else once it is resolved.</summary>
    public static bool ArePending(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains(Prefix, StringComparison.Ordinal) && Parts(text).All(part => part.Kind != PartKind.Unknown);
    }

    /// <summary>The references that no host knows, each with the one it was probably meant to be.</summary>
    public static IReadOnlyList<string> Unknown(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains(Prefix, StringComparison.Ordinal)
            ? [.. Parts(text).Where(part => part.Kind == PartKind.Unknown).Select(part => Problem(part.Text)).Distinct()]
            : [];
    }

    /// <summary>The text with every reference replaced, once: a value is not searched for references.</summary>
    /// <param name="text">The text.</param>
    /// <param name="value">The value of a known fact; null when the host has none.</param>
    /// <param name="problems">Gets what cannot be resolved, in words.</param>
    public static string Resolve(string text, Func<string, string?> value, ICollection<string> problems)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(problems);
        if (!text.Contains(Prefix, StringComparison.Ordinal))
            return text;

        StringBuilder resolved = new(text.Length);
        foreach (var part in Parts(text))
            switch (part.Kind)
            {
                case PartKind.Plain:
                    resolved.Append(part.Text);
                    break;
                case PartKind.Known when value(part.Text) is { } found:
                    resolved.Append(found);
                    break;
                case PartKind.Known:
                    problems.Add($"{Prefix}{part.Text} has no value on this host");
                    break;
                default:
                    problems.Add(Problem(part.Text));
                    break;
            }

        return resolved.ToString();
    }

    private static IEnumerable<Part> Parts(string text)
    {
        var at = 0;
        while (text.IndexOf(Prefix, at, StringComparison.Ordinal) is >= 0 and var begin)
        {
            if (begin > at)
                yield return new(PartKind.Plain, text[at..begin]);
            at = begin + Prefix.Length;
            if (at < text.Length && text[at] == '.')
            {
                yield return new(PartKind.Plain, Prefix);
                at++;
                continue;
            }

            var written = Describe.Match(text, at).Value;
            var key = MaxLength(written);
            yield return key is null ? new(PartKind.Unknown, written) : new(PartKind.Known, key);
            at += (key ?? written).Length;
        }

        if (at < text.Length)
            yield return new(PartKind.Plain, text[at..]);
    }

    private static string? MaxLength(string written)
    {
        for (var end = written.Length; end > 0; end = written.LastIndexOf('.', end - 1))
            if (FactKeys.IsKnown(written[..end]))
                return written[..end];
        return null;
    }

    private static string Problem(string written)
    {
        var shown = written.Length <= 60 ? written : written[..57] + "...";
        var near = Suggestions.Of(written, FactKeys.All) ?? Suggestions.Of(written.Split('.')[0], FactKeys.All);
        return $"the unknown reference {Prefix}{shown}{(near is null ? "" : $"; did you mean '{Prefix}{near}'?")}";
    }

    [GeneratedRegex(@"\G([A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*)?")]
    private static partial Regex Describe { get; }

    private enum PartKind
    {
        Plain,
        Known,
        Unknown,
    }

    private readonly record struct Part(PartKind Kind, string Text);
}
