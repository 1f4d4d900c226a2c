using System.Buffers;

namespace Osapi.Plans.Expressions;

/// <summary>Values as words of a shell line (sh(1)).</summary>
internal static class ShellWord
{
    // The characters that no shell interprets, inside or outside of quotes.
    private static readonly SearchValues<char> Safe = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:@+");

    /// <summary>Returns a value as it stands at a place: quoted, so that the shell reads exactly its characters.</summary>
    /// <exception cref="ValueException">No shell line can contain the value, or not at this place.</exception>
    public static string Of(string value, ShellPlace place)
    {
        if (place.Refusal is not null)
            return value.Length > 0 && !value.AsSpan().ContainsAnyExcept(Safe) ? value : throw new ValueException($"the value would be read as code of the shell: {place.Refusal}");
        if (value.Contains('\0'))
            throw new ValueException("the value contains a NUL character, which no shell line can");
        if (Surrogates.IndexOfLone(value) >= 0)
            throw new ValueException("the value is not valid Unicode");
        // Quotes around it are closed before and opened again after it.
        var quote = place.Quote is { } open ? open.ToString() : "";
        return $"{quote}'{value.Replace("'", @"'\''", StringComparison.Ordinal)}'{quote}";
    }
}
