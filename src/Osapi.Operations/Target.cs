using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Osapi.Operations;

/// <summary>
/// The hosts of a call: <c>_any</c>, <c>_all</c>, a host name, or a label <c>key:value</c> whose value is
/// hierarchical: <c>group:web</c> also names the hosts of <c>group:web.dev</c>.
/// </summary>
public sealed partial record Target : IParsable<Target>
{
    private Target(TargetKind kind, string text, string? key = null, string? value = null)
    {
        Kind = kind;
        Text = text;
        LabelKey = key;
        LabelValue = value;
    }

    /// <summary>Exactly one host: the first that is free.</summary>
    public static Target Any { get; } = new(TargetKind.Any, "_any");

    /// <summary>Every registered host.</summary>
    public static Target All { get; } = new(TargetKind.All, "_all");

    /// <summary>The kind of the target.</summary>
    public TargetKind Kind { get; }

    /// <summary>The target as it is written; also the host's name when it names one.</summary>
    public string Text { get; }

    /// <summary>The label's key; null for the other kinds.</summary>
    public string? LabelKey { get; }

    /// <summary>The label's value, segments separated by dots; null for the other kinds.</summary>
    public string? LabelValue { get; }

    /// <summary>The names of a list of hosts, sorted; the name of a single host; empty for the other kinds.</summary>
    public IReadOnlyList<string> Hostnames => Kind is TargetKind.Host or TargetKind.Hosts ? Text.Split(',') : [];

    /// <summary>True when the target may select several hosts.</summary>
    public bool IsBroadcast => Kind is TargetKind.All or TargetKind.Label or TargetKind.Hosts;

    /// <summary>The hosts that carry a label.</summary>
    /// <exception cref="FormatException">The key or the value is not valid.</exception>
    public static Target Label(string key, string value) => Parse($"{key}:{value}");

    /// <summary>Exactly these hosts. A list is no text that <see cref="Parse"/> accepts: it does not fit the path of a request.</summary>
    /// <exception cref="FormatException">There is no host, or a name is not the name of a host.</exception>
    public static Target OfHosts(params IEnumerable<string> hostnames)
    {
        string[] names = [.. hostnames.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];
        if (names is [])
            throw new FormatException("a list of hosts needs at least one");
        return names.FirstOrDefault(name => !Hostname.IsMatch(name)) is { } wrong ? throw new FormatException($"'{Excerpt(wrong)}' is not a host name")
            : names is [var single] ? Parse(single)
            : new(TargetKind.Hosts, string.Join(',', names));
    }

    /// <summary>Parses a target.</summary>
    /// <exception cref="FormatException">The text is not a target; the message states the reason.</exception>
    public static Target Parse(string s, IFormatProvider? provider = null) => TryParse(s, out var target, out var problem) ? target : throw new FormatException(problem);

    /// <summary>Parses a target; false when the text is not a target.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Target result) => TryParse(s, out result, out _);

    /// <summary>Parses a target; on failure returns the message of the exception that <see cref="Parse"/> throws.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, [NotNullWhen(true)] out Target? result, [NotNullWhen(false)] out string? problem)
    {
        (result, problem) = Classify(s);
        return result is not null;
    }

    /// <summary>True when this target includes the host. <c>_any</c> and <c>_all</c> include every host.</summary>
    public bool Includes(string hostname, IReadOnlyDictionary<string, string> labels) => Kind switch
    {
        TargetKind.Host or TargetKind.Hosts => Hostnames.Contains(hostname, StringComparer.OrdinalIgnoreCase),
        TargetKind.Label => labels.TryGetValue(LabelKey!, out var value)
            && (value == LabelValue || value.StartsWith(LabelValue + ".", StringComparison.Ordinal)),
        _ => true,
    };

    /// <summary>True when the text can be a label: key (at most 63) and dotted value (at most 253) of letters, digits, <c>_</c> and <c>-</c>.</summary>
    public static bool IsLabel(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return LabelKeyGrammar.IsMatch(key) && value.Length <= 253 && LabelValueGrammar.IsMatch(value);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Converts text to a target, so that a call can contain <c>"_any"</c>.</summary>
    /// <exception cref="FormatException">The text is not a target.</exception>
    public static implicit operator Target(string text) => Parse(text);

    private static (Target? Target, string? Problem) Classify(string? text) => text switch
    {
        null or "" => (null, "target is required: _any, _all, a host name or key:value"),
        "_any" => (Any, null),
        "_all" => (All, null),
        _ when text.Contains(':', StringComparison.Ordinal) => ClassifyLabel(text),
        _ when text[0] == '_' => (null, $"target '{Excerpt(text)}' is unknown: names with a leading underscore are reserved, and only _any and _all exist"),
        _ when Hostname.IsMatch(text) => (new(TargetKind.Host, text), null),
        _ => (null, $"target '{Excerpt(text)}' is not a host name: letters, digits, '.', '-' and '_', at most 253, beginning and ending with a letter or digit"),
    };

    private static (Target?, string?) ClassifyLabel(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (key, value) = (text[..colon], text[(colon + 1)..]);
        return IsLabel(key, value)
            ? (new(TargetKind.Label, text, key, value), null)
            : (null, $"target '{Excerpt(text)}' is not a label: expected key:value, each of letters, digits, '_' and '-', the value in segments separated by '.'");
    }

    private static string Excerpt(string text) => text.Length <= 80 ? text : text[..77] + "...";

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?\z")]
    private static partial Regex Hostname { get; }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,63}\z")]
    private static partial Regex LabelKeyGrammar { get; }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\z")]
    private static partial Regex LabelValueGrammar { get; }
}
