namespace Osapi.Plans.Yaml;

/// <summary>Divides a file into parts that can be left out: a key of the file with its value, or an item of the list under such a key.</summary>
internal static class YamlParts
{
    /// <summary>Returns the first and the last line of the part that a line is in.</summary>
    public static (long First, long Last) Around(SourceText source, long line)
    {
        var first = line;
        while (first > 1 && !IsKey(source.Line(first)))
            first--;
        var last = line;
        while (last < source.Lines.Count && !IsKey(source.Line(last + 1)))
            last++;
        long? item = null;
        for (var number = first; number <= last && item is null; number++)
            if (IsItem(source.Line(number)))
                item = number;
        if (item is null || item > line)
            return (first, last);

        var indent = new SourceLine(source.Line(item.Value)).Indent;
        var start = line;
        while (start > item && !Begins(source.Line(start), indent))
            start--;
        var end = line;
        while (end < last && !Begins(source.Line(end + 1), indent))
            end++;
        return (start, end);
    }

    private static bool IsKey(string line) => line.Length > 0 && !char.IsWhiteSpace(line[0]) && line[0] is not ('#' or '-' or ']' or '}');

    private static bool IsItem(string line) => line.AsSpan().TrimStart(' ') is ['-', ..];

    // An item whose indentation is wrong by a column begins a part as well.
    private static bool Begins(string line, int indent) => IsItem(line) && new SourceLine(line).Indent <= indent + 1;
}
