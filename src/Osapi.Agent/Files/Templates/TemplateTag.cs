namespace Osapi.Agent.Files.Templates;

/// <summary>A tag of a template, found in its text the way the engine reads it.</summary>
/// <param name="Open">Where its braces begin.</param>
/// <param name="Start">Where it begins, after its braces.</param>
/// <param name="End">Where it ends, before its braces; the end of the template when nothing ends it.</param>
/// <param name="Name">The word that it begins with, for a tag in <c>{% %}</c>; else empty.</param>
/// <param name="Length">Its characters, without those of text in quotes.</param>
internal readonly record struct TemplateTag(int Open, int Start, int End, string Name, int Length)
{
    /// <summary>The tags in order, without what stands in raw blocks and comments.</summary>
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
            // A comment may have an apostrophe.
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

    /// <summary>Where the quote that ends a text in quotes is; the last place of the template when none does.</summary>
    public static int EndOfText(string template, int quote)
    {
        for (var i = quote + 1; i < template.Length; i++)
            if (template[i] == '\\')
                i++;
            else if (template[i] == template[quote])
                return i;
        return template.Length - 1;
    }

    // Where the tag that ends a block begins; the end of the template when nothing ends it.
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
