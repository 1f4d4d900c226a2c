using System.Globalization;

namespace Osapi.Cli.RunReports;

/// <summary>Cuts a long text in its middle: a program often says at its end why it failed.</summary>
internal static class OutputCut
{
    /// <summary>Returns the text, or its beginning and its end with the number of characters between them.</summary>
    public static string Of(string text, int maxLength)
    {
        if (text.Length <= maxLength)
            return text;
        var head = maxLength / 3;
        var tail = text.Length - (maxLength - head);
        return string.Create(CultureInfo.InvariantCulture, $"{text[..head]}\n... {tail - head} characters are left out ...\n{text[tail..]}");
    }
}
