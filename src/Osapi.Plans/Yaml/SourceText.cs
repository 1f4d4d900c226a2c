namespace Osapi.Plans.Yaml;

/// <summary>The text of a file in the lines that positions count: the YAML scanner ends a line also at NEL and at the Unicode separators.</summary>
internal sealed class SourceText
{
    private static readonly string[] Breaks = ["\r\n", "\n", "\r", "\u0085", "\u2028", "\u2029"];
    private readonly string[] lines;
    private readonly string? original;

    /// <param name="name">The name of the file as the caller gave it; <c>-</c> for standard input.</param>
    /// <param name="text">The text.</param>
    public SourceText(string name, string text)
        : this(name, text.Split(Breaks, StringSplitOptions.None)) => original = text;

    private SourceText(string name, string[] lines)
    {
        Name = name;
        this.lines = lines;
    }

    public string Name { get; }

    /// <summary>The lines, from index 0, without their ends.</summary>
    public IReadOnlyList<string> Lines => lines;

    /// <summary>Returns a line by its number from 1; empty beyond the end.</summary>
    public string Line(long number) => number >= 1 && number <= lines.Length ? lines[number - 1] : "";

    /// <summary>Returns the text with another line.</summary>
    public SourceText With(long number, string line) => Blank(number, number, line);

    /// <summary>Returns the text with empty lines from the first to the last; positions after them stay the same.</summary>
    public SourceText Blank(long first, long last, string replacement = "")
    {
        var changed = (string[])lines.Clone();
        for (var number = first; number <= last; number++)
            changed[number - 1] = replacement;
        return new(Name, changed);
    }

    /// <summary>Returns the text as it was given; a changed one with the usual ends of lines.</summary>
    public override string ToString() => original ?? string.Join('\n', lines);
}
