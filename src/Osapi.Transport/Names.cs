using System.Text.RegularExpressions;

namespace Osapi.Transport;

/// <summary>What subjects and keys may look like: what every implementation of the transport can carry.</summary>
internal static partial class Names
{
    public static void CheckSubject(string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (!Subject.IsMatch(subject))
            throw new ArgumentException($"'{subject}' is not a subject: tokens of visible ASCII characters except * and >, separated by dots.", nameof(subject));
    }

    /// <summary>True for a subject below a prefix that ends with a dot or is empty, and for the one subject that any other prefix is.</summary>
    public static bool Matches(string subject, string prefix) =>
        prefix.Length == 0 || prefix.EndsWith('.') ? subject.StartsWith(prefix, StringComparison.Ordinal) : subject == prefix;

    public static void CheckKey(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!Key.IsMatch(key))
            throw new ArgumentException($"'{key}' is not a key: letters, digits, '-', '_' and '=', with single dots in between.", nameof(key));
    }

    /// <summary>True for what <see cref="CheckKey"/> lets pass; others may have put in something else.</summary>
    public static bool IsKey(string key) => Key.IsMatch(key);

    [GeneratedRegex(@"\A[!-)+-\-/-=?-~]+(\.[!-)+-\-/-=?-~]+)*\z")]
    private static partial Regex Subject { get; }

    [GeneratedRegex(@"\A[A-Za-z0-9_=-]+(\.[A-Za-z0-9_=-]+)*\z")]
    private static partial Regex Key { get; }
}
