using System.Text;

namespace Osapi.Plans.Expressions;

/// <summary>The functions of texts. Texts are compared by their characters, in every culture alike.</summary>
internal static class TextFunctions
{
    // Up to this length, the search of the platform is fast whatever the texts are.
    private const int ShortPart = 64;

    /// <summary>Returns the number of Unicode characters.</summary>
    public static long Size(string text, Evaluation evaluation)
    {
        evaluation.Budget.ChargeLook(text.Length);
        var size = text.Length;
        for (var i = 1; i < text.Length; i++)
            if (char.IsSurrogatePair(text[i - 1], text[i]))
                size--;
        return size;
    }

    public static bool Contains(string text, string part, Evaluation evaluation) => IndexOf(text, part, 0, Table(text, part, evaluation)) >= 0;

    public static bool StartsWith(string text, string part, Evaluation evaluation)
    {
        evaluation.Budget.ChargeLook(part.Length);
        return text.StartsWith(part, StringComparison.Ordinal);
    }

    public static bool EndsWith(string text, string part, Evaluation evaluation)
    {
        evaluation.Budget.ChargeLook(part.Length);
        return text.EndsWith(part, StringComparison.Ordinal);
    }

    public static string New(string text, Evaluation evaluation)
    {
        evaluation.Budget.ChargeNew(text.Length);
        return text;
    }

    public static string Lower(string text, Evaluation evaluation)
    {
        evaluation.Budget.ChargeNew(text.Length);
        return string.Create(text.Length, text, static (lower, text) =>
        {
            for (var i = 0; i < text.Length; i++)
                lower[i] = char.IsAsciiLetterUpper(text[i]) ? (char)(text[i] | 0x20) : text[i];
        });
    }

    public static string Upper(string text, Evaluation evaluation)
    {
        evaluation.Budget.ChargeNew(text.Length);
        return string.Create(text.Length, text, static (upper, text) =>
        {
            for (var i = 0; i < text.Length; i++)
                upper[i] = char.IsAsciiLetterLower(text[i]) ? (char)(text[i] & ~0x20) : text[i];
        });
    }

    public static string Replace(string text, string part, string replacement, Evaluation evaluation)
    {
        if (part.Length == 0)
            throw new ValueException("'replace' takes a text that is not empty to look for");
        StringBuilder replaced = new();
        var table = Table(text, part, evaluation);
        var begin = 0;
        while (IndexOf(text, part, begin, table) is >= 0 and var at)
        {
            evaluation.Budget.Charge(1);
            evaluation.Budget.ChargeNew((long)at - begin + replacement.Length);
            replaced.Append(text, begin, at - begin).Append(replacement);
            if (replaced.Length > ExpressionBounds.MaxSize)
                evaluation.Budget.ChargeNew(replaced.Length);
            begin = at + part.Length;
        }

        return New(replaced.Append(text, begin, text.Length - begin).ToString(), evaluation);
    }

    public static ItemList Split(string text, string separator, Evaluation evaluation)
    {
        if (separator.Length == 0)
            throw new ValueException("'split' takes a separator that is not empty");
        List<object?> parts = [];
        var table = Table(text, separator, evaluation);
        var begin = 0;
        while (IndexOf(text, separator, begin, table) is >= 0 and var at)
        {
            evaluation.Budget.Charge(1);
            parts.Add(text[begin..at]);
            begin = at + separator.Length;
        }

        parts.Add(text[begin..]);
        return evaluation.List([.. parts]);
    }

    public static string Join(ListValue list, string separator, Evaluation evaluation)
    {
        StringBuilder joined = new();
        for (var i = 0; i < list.Count; i++)
        {
            evaluation.Budget.Charge(1);
            var item = evaluation.Decode(list[i]) as string ?? throw new ValueException("'join' takes a list of texts; write list.map(item, string(item)).join(..)");
            evaluation.Budget.ChargeNew((long)separator.Length + item.Length);
            joined.Append(i == 0 ? "" : separator).Append(item);
            if (joined.Length > ExpressionBounds.MaxSize)
                evaluation.Budget.ChargeNew(joined.Length);
        }

        return joined.ToString();
    }

    private static int IndexOf(string text, string part, int begin, int[]? table)
    {
        if (table is null)
            return text.IndexOf(part, begin, StringComparison.Ordinal);
        for (int i = begin, matched = 0; i < text.Length; i++)
        {
            while (matched > 0 && text[i] != part[matched])
                matched = table[matched - 1];
            if (text[i] == part[matched] && ++matched == part.Length)
                return i - part.Length + 1;
        }

        return -1;
    }

    // The table of Knuth, Morris and Pratt for long parts: their search is linear, the platform's is not.
    private static int[]? Table(string text, string part, Evaluation evaluation)
    {
        evaluation.Budget.ChargeLook(text.Length);
        if (part.Length <= ShortPart || part.Length > text.Length)
            return null;
        evaluation.Budget.ChargeCopy(part.Length);
        var table = new int[part.Length];
        for (int i = 1, matched = 0; i < part.Length; i++)
        {
            while (matched > 0 && part[i] != part[matched])
                matched = table[matched - 1];
            if (part[i] == part[matched])
                matched++;
            table[i] = matched;
        }

        return table;
    }
}
