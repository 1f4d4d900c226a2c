using System.Globalization;
using System.Text.RegularExpressions;

namespace Osapi.Plans.Expressions;

/// <summary>Estimates how many states the automaton of a regular expression has: the time of a match is that times the text.</summary>
internal static partial class PatternSize
{
    private const long Max = 1_000_000;

    /// <summary>Returns the number of single characters and classes, with the counts of their repetitions.</summary>
    public static long Of(string pattern)
    {
        Stack<long> outer = new();
        var (sum, last) = (1L, 0L);
        for (var at = 0; at < pattern.Length; at++)
            switch (pattern[at])
            {
                case '(':
                    outer.Push(sum);
                    (sum, last) = (0, 0);
                    break;
                case ')' when outer.Count > 0:
                    (sum, last) = (Math.Min(Max, sum + outer.Pop()), sum);
                    break;
                case '{' when Repetition.Match(pattern, at) is { Success: true } repetition:
                    var count = Math.Max(1, Math.Max(Number(repetition.Groups[1]), Number(repetition.Groups[2])));
                    sum = Math.Min(Max, sum + last * (count - 1));
                    last = Math.Min(Max, last * count);
                    at += repetition.Length - 1;
                    break;
                case '*' or '+' or '?' or '|' or '^' or '$':
                    break;
                default:
                    at += pattern[at] switch { '\\' => 1, '[' => Class.Match(pattern, at) is { Success: true } set ? set.Length - 1 : 0, _ => 0 };
                    (sum, last) = (Math.Min(Max, sum + 1), 1);
                    break;
            }

        return outer.Aggregate(sum, (total, more) => Math.Min(Max, total + more));
    }

    private static long Number(Group group) =>
        long.TryParse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Min(Max, number) : group.Length > 0 ? Max : 0;

    [GeneratedRegex(@"\G\{([0-9]{1,20})(?:,([0-9]{0,20}))?\}", RegexOptions.CultureInvariant)]
    private static partial Regex Repetition { get; }

    [GeneratedRegex(@"\G\[\^?\]?(?:\\.|[^\]\\])*\]", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Class { get; }
}
