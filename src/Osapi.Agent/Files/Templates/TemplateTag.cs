namespace Osapi.Agent.Files.Templates;

/// <summary>A tag of a template, found by the engine's rules.</summary>
/// <param name="Open">The position of the opening braces.</param>
/// <param name="Start">The position after the opening braces.</param>
/// <param name="End">The position of the closing braces; the end of the template when they are missing.</param>
/// <param name="Name">The first word, for a tag in <c>{% %}</c>; otherwise empty.</param>
/// <param name="Length">The number of characters, without quoted text.</param>
internal readonly record struct TemplateTag(int Open, int Start, int End, string Name, int Length)
{
    /// <summary>Finds the tags in order, without the content of raw blocks and comments.</summary>
    public static IEnumerable<TemplateTag> All(string template)
    {
        var position = 0;
        while (Next(template, position) is { } tag)
        {
            yield return tag;
            position = tag.Name is "raw" or "comment" ? EndOfBlock(template, tag) : tag.End;
        }
    }

    private static TemplateTag? Next(string template, int from)
    {
        for (var open = from; (open = template.IndexOf('{', open)) >= 0 && open + 1 < template.Length; open++)
        {
            var second = template[open + 1];
            if (second is not ('{' or '%'))
                continue;
            var start = open + 2;
            var name = second == '%' ? NameAt(template, start) : "";
            // A comment may contain an apostrophe.
            var (end, length) = EndOf(template, start, second == '{' ? "}}" : "%}", hasTexts: name != "#");
            return new(open, start, end, name, length);
        }

        return null;
    }

    private static (int End, int Length) EndOf(string template, int start, string close, bool hasTexts)
    {
        var quoted = 0;
        for (var i = start; i < template.Length; i++)
        {
            if (hasTexts && template[i] is '"' or '\'')
            {
                var closing = EndOfText(template, i);
                quoted += closing - i;
                i = closing;
            }
            else if (string.CompareOrdinal(template, i, close, 0, close.Length) == 0)
            {
                return (i, i - start - quoted);
            }
        }

        return (template.Length, template.Length - start - quoted);
    }

    /// <summary>Finds the closing quote of a text; the last position of the template when it is missing.</summary>
    public static int EndOfText(string template, int quote)
    {
        for (var i = quote + 1; i < template.Length; i++)
            if (template[i] == '\\')
                i++;
            else if (template[i] == template[quote])
                return i;
        return template.Length - 1;
    }

    // Finds the tag that ends a block; the end of the template when it is missing.
    private static int EndOfBlock(string template, TemplateTag block)
    {
        for (var open = block.End; (open = template.IndexOf("{%", open, StringComparison.Ordinal)) >= 0; open += 2)
            if (EndsBlock(template.AsSpan(open + 2), block.Name))
                return open;
        return template.Length;
    }

    private static bool EndsBlock(ReadOnlySpan<char> rest, string name)
    {
        rest = (rest is ['-', ..] ? rest[1..] : rest).TrimStart();
        if (!rest.StartsWith("end", StringComparison.Ordinal) || !rest[3..].StartsWith(name, StringComparison.Ordinal))
            return false;
        rest = rest[(3 + name.Length)..].TrimStart();
        return (rest is ['-', ..] ? rest[1..] : rest).StartsWith("%}", StringComparison.Ordinal);
    }

    private static string NameAt(string template, int start)
    {
        var from = start;
        while (from < template.Length && (template[from] == '-' || char.IsWhiteSpace(template[from])))
            from++;
        if (from < template.Length && template[from] == '#')
            return "#";
        var to = from;
        while (to < template.Length && char.IsAsciiLetter(template[to]))
            to++;
        return template[from..to];
    }
}
