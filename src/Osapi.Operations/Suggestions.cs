namespace Osapi.Operations;

/// <summary>Suggests similar names for a mistyped name.</summary>
internal static class Suggestions
{
    // More suggestions do not help.
    private const int MaxSuggestions = 3;

    /// <summary>Returns the candidate with the fewest edits from <paramref name="name"/>; null when more than a third of the name would have to change.</summary>
    public static string? Of(string name, IEnumerable<string> candidates) => AllOf(name, candidates) is [var nearest, ..] ? nearest : null;

    /// <summary>
    /// Returns at most three candidates with the fewest edits from <paramref name="name"/>, nearest first; empty when more than a
    /// third of the name would have to change.
    /// </summary>
    public static IReadOnlyList<string> AllOf(string name, IEnumerable<string> candidates)
    {
        var limit = Math.Max(1, name.Length / 3);
        // Much longer or shorter candidates cannot be within the limit, and long names are not worth the quadratic time.
        if (name.Length > 200)
            return [];

        return
        [
            .. candidates
                .Where(candidate => Math.Abs(candidate.Length - name.Length) <= limit)
                .Distinct()
                .Select(candidate => (candidate, edits: Edits(name, candidate)))
                .Where(pair => pair.edits <= limit)
                .OrderBy(pair => pair.edits).ThenBy(pair => pair.candidate, StringComparer.Ordinal)
                .Select(pair => pair.candidate)
                .Take(MaxSuggestions),
        ];
    }

    /// <summary>Returns a phrase for the end of a message: <c>; did you mean 'command'?</c>, or an empty string.</summary>
    public static string Hint(string name, IEnumerable<string> candidates) => Of(name, candidates) is { } suggestion ? $"; did you mean '{suggestion}'?" : "";

    /// <summary>Returns a phrase with several suggestions: <c>; did you mean 'web-01' or 'web-02'?</c>, or an empty string.</summary>
    public static string HintAll(string name, IEnumerable<string> candidates) => AllOf(name, candidates).Select(suggestion => $"'{suggestion}'").ToList() switch
    {
        [] => "",
        [var one] => $"; did you mean {one}?",
        [.. var others, var last] => $"; did you mean {string.Join(", ", others)} or {last}?",
    };

    // Levenshtein distance, where two letters that changed places are one edit: three rows.
    private static int Edits(string a, string b)
    {
        var before = new int[b.Length + 1];
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        var current = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = previous[j - 1] + (AreSame(a[i - 1], b[j - 1]) ? 0 : 1);
                current[j] = Math.Min(substitution, Math.Min(previous[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && AreSame(a[i - 1], b[j - 2]) && AreSame(a[i - 2], b[j - 1]))
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[b.Length];
    }

    private static bool AreSame(char one, char other) => char.ToLowerInvariant(one) == char.ToLowerInvariant(other);
}
