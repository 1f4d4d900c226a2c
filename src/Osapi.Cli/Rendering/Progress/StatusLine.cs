using Osapi.Operations;

namespace Osapi.Cli.Rendering.Progress;

/// <summary>
/// A line at the bottom of a terminal that is written again in its place, below all lines that stay. It is one row, so that nothing of it remains when the
/// terminal is resized or scrolls; a live area of several rows would.
/// </summary>
/// <param name="writer">The terminal.</param>
/// <param name="width">Returns its width in cells, at each time; null when it is not known.</param>
internal sealed class StatusLine(TextWriter writer, Func<int?> width)
{
    // The cursor returns to the first cell, and the terminal cuts what is too long instead of wrapping it (ECMA-48 CR, EL; DECAWM): it knows the width of each character.
    private const string Erase = "\r\x1b[K";
    private const string NoWrap = "\x1b[?7l";
    private const string Wrap = "\x1b[?7h";
    private const int DefaultWidth = 80;

    private bool isShown;

    /// <summary>Shows a text in place of the one before.</summary>
    public void Show(string text)
    {
        var line = ControlCharacters.Escape(text);
        // The last cell stays empty: some terminals would go on to the next row.
        var length = Math.Max(1, (width() ?? DefaultWidth) - 1);
        // In one write, so that nothing comes between.
        writer.Write($"{Erase}{NoWrap}{(line.Length <= length ? line : line[..length])}{Wrap}");
        isShown = true;
    }

    /// <summary>Removes the line; what is written next takes its place.</summary>
    public void Clear()
    {
        if (isShown)
            writer.Write(Erase);
        isShown = false;
    }
}
