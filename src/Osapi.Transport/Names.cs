using System.Text.RegularExpressions;

namespace Osapi.Transport;

/// <summary>The rules for subjects and keys that every transport can carry.</summary>
internal static partial class Names
{
    public static void CheckSubject(string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (!Subject.IsMatch(subject))
            throw new ArgumentException($"'{subject}' is not a subject: tokens of visible ASCII characters except * and >, separated by dots.", nameof(subject));
    }

    /// <summary>
    /// Checks that a subject is below a prefix (which ends with a dot or is empty), or equals any other prefix.
    /// </summary>
    public static bool Matches(string subject, string prefix) =>
        prefix.Length == 0 || prefix.EndsWith('.') ? subject.StartsWith(prefix, StringComparison.Ordinal) : subject == prefix;

    public static void CheckKey(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!Key.IsMatch(key))
            throw new ArgumentException($"'{key}' is not a key: letters, digits, '-', '_' and '=', with single dots in between.", nameof(key));
    }

    /// <summary>Checks that a key passes <see cref="CheckKey"/>; other writers may use different keys.</summary>
    public static bool IsKey(string key) => Key.IsMatch(key);

    [GeneratedRegex(@"\A[!-)+-\-/-=?-~]+(\.[!-)+-\-/-=?-~]+)*\z")]
    private static partial Regex Subject { get; }

    [GeneratedRegex(@"\A[A-Za-z0-9_=-]+(\.[A-Za-z0-9_=-]+)*\z")]
    private static partial Regex Key { get; }
}
