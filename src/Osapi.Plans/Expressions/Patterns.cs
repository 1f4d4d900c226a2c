using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Osapi.Plans.Expressions;

/// <summary>Regular expressions that take linear time: no backtracking, and so neither back references nor lookaround.</summary>
internal static class Patterns
{
    /// <summary>The function that takes one.</summary>
    public const string Function = "matches";

    // Characters times states of the automaton that are looked at in a step, at worst.
    private const int Looked = 250;

    // The steps are the bound. The time of the clock is what remains should they be wrong, and does not fail on a busy machine.
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(30);

    private static readonly ConcurrentDictionary<string, Regex> Known = new();

    public static bool Matches(string text, string pattern, Evaluation evaluation)
    {
        var size = PatternSize.Of(pattern);
        evaluation.Budget.Charge(1 + text.Length * size / Looked);
        if (!Known.TryGetValue(pattern, out var regex))
        {
            // As many steps as its construction takes time; values may hold one pattern each.
            evaluation.Budget.Charge(200 + size * 4);
            regex = Compile(pattern);
        }

        try
        {
            return regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            throw new ValueException("the regular expression takes too long") { IsLimit = true };
        }
    }

    /// <summary>Prepares a pattern that stands in an expression.</summary>
    /// <exception cref="SyntaxException">It is not a regular expression.</exception>
    public static void Prepare(LiteralNode literal)
    {
        var pattern = (string)literal.Value!;
        try
        {
            // An editor that validates a file over and over must not fill the memory.
            if (Known.Count >= 1000)
                Known.Clear();
            Known.TryAdd(pattern, Compile(pattern));
        }
        catch (ValueException problem)
        {
            throw new SyntaxException(literal.Start, literal.End - literal.Start, problem.Message);
        }
    }

    private static Regex Compile(string pattern)
    {
        if (pattern.Length > ExpressionBounds.MaxPattern)
            throw new ValueException($"a regular expression has at most {ExpressionBounds.MaxPattern} characters");
        try
        {
            return new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, MatchTimeout);
        }
        catch (RegexParseException problem)
        {
            throw new ValueException($"this is not a regular expression: {Words(problem.Error)} at character {problem.Offset + 1} of it");
        }
        catch (NotSupportedException)
        {
            throw new ValueException("the regular expression is too large, or uses back references or lookaround, which are not known here");
        }
    }

    // The message of the platform repeats the pattern.
    private static string Words(RegexParseError error) =>
        string.Concat(error.ToString().Select((letter, i) => char.IsUpper(letter) ? (i == 0 ? "" : " ") + char.ToLowerInvariant(letter) : letter.ToString()));
}
