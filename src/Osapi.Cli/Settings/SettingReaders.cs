using Osapi.Operations;

namespace Osapi.Cli.Settings;

/// <summary>Parses a text: returns its value, or a problem that follows the name of the setting.</summary>
internal delegate (T? Value, string? Problem) TextReader<T>(string text);

/// <summary>The parsers for each shape of settings.</summary>
internal static class SettingReaders
{
    public static Func<SettingValue, List<string>, T?> One<T>(TextReader<T> read) => (given, problems) => Read(given.Texts[0], read, problems);

    public static Func<SettingValue, List<string>, IReadOnlyList<T>?> List<T>(TextReader<T> read)
        where T : class =>
        (given, problems) => [.. given.Texts.Select(text => Read(text, read, problems)).OfType<T>()];

    /// <param name="what">The name of an item in a problem, such as "a label".</param>
    /// <param name="expected">The expected names and values.</param>
    /// <param name="isRight">Returns true for a valid name and value.</param>
    public static Func<SettingValue, List<string>, IReadOnlyDictionary<string, string>?> Map(string what, string expected, Func<string, string, bool> isRight) => (given, problems) =>
    {
        Dictionary<string, string> map = [];
        foreach (var (text, where) in given.Texts)
            if (text.Split('=', 2) is not [var name, var value] || !isRight(name, value))
                problems.Add($"{where} '{Excerpt(text)}' is not {what}: expected {expected}");
            else if (!map.TryAdd(name, value))
                problems.Add($"{where} {name} is given more than once");
        return map;
    };

    /// <summary>Creates a parser for one of several words.</summary>
    public static TextReader<string> Choice(IReadOnlyList<string> known) => text =>
        known.Contains(text, StringComparer.OrdinalIgnoreCase)
            ? (text.ToLowerInvariant(), null)
            : (null, $"'{Excerpt(text)}' is unknown{Suggestions.Hint(text, known)} (known: {string.Join(", ", known)})");

    public static string Excerpt(string text) => text.Length <= 80 ? text : text[..77] + "...";

    private static T? Read<T>(SettingText given, TextReader<T> read, List<string> problems)
    {
        var (value, problem) = read(given.Text);
        if (problem is not null)
            problems.Add($"{given.Where} {problem}");
        return value;
    }
}
