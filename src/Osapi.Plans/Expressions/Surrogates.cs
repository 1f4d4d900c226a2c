namespace Osapi.Plans.Expressions;

/// <summary>Halves of characters of UTF-16 that stand alone, and so are no characters.</summary>
internal static class Surrogates
{
    /// <summary>Returns the position of the first one; -1 when there is none.</summary>
    public static int IndexOfLone(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return i;
        return -1;
    }
}
