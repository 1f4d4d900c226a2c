namespace Osapi.Plans.Values;

/// <summary>The form of names that expressions read after a dot.</summary>
internal static class PlainName
{
    public static bool IsWord(string name) =>
        name.Length is > 0 and <= 100 && !char.IsAsciiDigit(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
}
