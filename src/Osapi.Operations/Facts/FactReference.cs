using System.Text;
using System.Text.RegularExpressions;

namespace Osapi.Operations.Facts;

/// <summary>
/// References to facts in text: <c>@fact.</c> followed by a dotted name. The longest known beginning of the name counts:
/// <c>@fact.hostname.example.com</c> is the host's name and <c>.example.com</c>. A second dot, <c>@fact..</c>, is an escape for the
/// literal text <c>@fact.</c>.
/// </summary>
internal static partial class FactReference
{
    /// <summary>The prefix of a reference.</summary>
    public const string Prefix = "@fact.";

    /// <summary>Determines whether the text contains references or escapes that are all known, so that resolving them changes the text.</summary>
    public static bool ArePending(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains(Prefix, StringComparison.Ordinal) && Parts(text).All(part => part.Kind != PartKind.Unknown);
    }

    /// <summary>Returns a message for each unknown reference, with the most similar known one.</summary>
    public static IReadOnlyList<string> Unknown(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains(Prefix, StringComparison.Ordinal)
            ? [.. Parts(text).Where(part => part.Kind == PartKind.Unknown).Select(part => Problem(part.Text)).Distinct()]
            : [];
    }

    /// <summary>Replaces every reference with its value. Values are not searched for references.</summary>
    /// <param name="text">The text.</param>
    /// <param name="value">Returns the value of a known fact; null when the host has none.</param>
    /// <param name="problems">Receives a message for each reference that cannot be resolved.</param>
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

    /// <summary>Gets the text before the first reference and the text after the last one: what the resolved text begins and ends with.</summary>
    public static (string Before, string After) Around(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = Parts(text).ToList();
        return (string.Concat(parts.TakeWhile(IsPlain).Select(part => part.Text)), string.Concat(parts.Skip(parts.FindLastIndex(part => !IsPlain(part)) + 1).Select(part => part.Text)));

        static bool IsPlain(Part part) => part.Kind == PartKind.Plain;
    }

    private static IEnumerable<Part> Parts(string text)
    {
        var position = 0;
        while (text.IndexOf(Prefix, position, StringComparison.Ordinal) is >= 0 and var begin)
        {
            if (begin > position)
                yield return new(PartKind.Plain, text[position..begin]);
            position = begin + Prefix.Length;
            if (position < text.Length && text[position] == '.')
            {
                yield return new(PartKind.Plain, Prefix);
                position++;
                continue;
            }

            var name = NamePattern.Match(text, position).Value;
            var key = LongestKnownKey(name);
            yield return key is null ? new(PartKind.Unknown, name) : new(PartKind.Known, key);
            position += (key ?? name).Length;
        }

        if (position < text.Length)
            yield return new(PartKind.Plain, text[position..]);
    }

    private static string? LongestKnownKey(string name)
    {
        for (var end = name.Length; end > 0; end = name.LastIndexOf('.', end - 1))
            if (FactKeys.IsKnown(name[..end]))
                return name[..end];
        return null;
    }

    private static string Problem(string name)
    {
        var excerpt = name.Length <= 60 ? name : name[..57] + "...";
        var suggestion = Suggestions.Of(name, FactKeys.All) ?? Suggestions.Of(name.Split('.')[0], FactKeys.All);
        return $"the unknown reference {Prefix}{excerpt}{(suggestion is null ? "" : $"; did you mean '{Prefix}{suggestion}'?")}";
    }

    [GeneratedRegex(@"\G([A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*)?")]
    private static partial Regex NamePattern { get; }

    private enum PartKind
    {
        Plain,
        Known,
        Unknown,
    }

    private readonly record struct Part(PartKind Kind, string Text);
}
