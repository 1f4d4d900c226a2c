using System.Text;

namespace Osapi.Agent.Files.Templates;

/// <summary>
/// Accepts <c>{{ .Vars.port }}</c>, <c>{{ .Facts.cpu_count }}</c> and <c>{{ .Hostname }}</c> for <c>vars.port</c>, <c>facts.cpu_count</c>
/// and <c>hostname</c>: inside tags, outside of text in quotes, raw blocks and comments. The template keeps its length,
/// so that an error still stands where its author wrote it.
/// </summary>
internal static class DottedSpelling
{
    private static readonly (string Dotted, string Plain)[] Names = [(".Facts", " facts"), (".Vars", " vars"), (".Hostname", " hostname")];

    public static string Rewrite(string template)
    {
        StringBuilder rewritten = new(template);
        var position = 0;
        while (Tag.Next(template, position) is { } tag)
        {
            RewriteTag(template, tag, rewritten);
            position = tag.Name is "raw" or "comment" ? Tag.EndOfBlock(template, tag) : tag.End;
        }

        return rewritten.ToString();
    }

    private static void RewriteTag(string template, Tag tag, StringBuilder rewritten)
    {
        char? quote = null;
        for (var i = tag.Start; i < tag.End; i++)
        {
            var current = template[i];
            if (quote is not null)
                quote = current == quote ? null : quote;
            else if (current is '"' or '\'')
                quote = current;
            else if (current == '.' && StartsName(template[i - 1]))
                foreach (var (dotted, plain) in Names)
                    if (IsAt(template, i, dotted))
                        rewritten.Remove(i, dotted.Length).Insert(i, plain);
        }
    }

    // A dot after a name, an index or a text reads a member of it.
    private static bool StartsName(char before) => !char.IsLetterOrDigit(before) && before is not ('_' or ']' or ')' or '"' or '\'' or '.');

    private static bool IsAt(string template, int position, string name) =>
        string.CompareOrdinal(template, position, name, 0, name.Length) == 0
        && (position + name.Length == template.Length || !(char.IsLetterOrDigit(template[position + name.Length]) || template[position + name.Length] is '_' or '-'));

    /// <summary>A tag of a template.</summary>
    /// <param name="Start">Where it begins, after its braces.</param>
    /// <param name="End">Where it ends, before its braces.</param>
    /// <param name="Name">The word that it begins with, for a tag in <c>{% %}</c>; else empty.</param>
    private readonly record struct Tag(int Start, int End, string Name)
    {
        public static Tag? Next(string template, int from)
        {
            for (var open = from; (open = template.IndexOf('{', open)) >= 0 && open + 1 < template.Length; open++)
            {
                var second = template[open + 1];
                if (second is not ('{' or '%'))
                    continue;
                var start = open + 2;
                var end = EndOf(template, start, second == '{' ? "}}" : "%}");
                return new(start, end, second == '%' ? NameAt(template, start, end) : "");
            }

            return null;
        }

        /// <summary>Where the tag that ends a block begins; the end of the template when nothing ends it.</summary>
        public static int EndOfBlock(string template, Tag block)
        {
            for (var open = block.End; (open = template.IndexOf("{%", open, StringComparison.Ordinal)) >= 0; open += 2)
                if (NameAt(template, open + 2, template.Length) == "end" + block.Name)
                    return open;
            return template.Length;
        }

        private static int EndOf(string template, int start, string close)
        {
            char? quote = null;
            for (var i = start; i < template.Length; i++)
                if (quote is not null)
                    quote = template[i] == quote ? null : quote;
                else if (template[i] is '"' or '\'')
                    quote = template[i];
                else if (string.CompareOrdinal(template, i, close, 0, 2) == 0)
                    return i;
            return template.Length;
        }

        private static string NameAt(string template, int start, int end)
        {
            var from = start;
            while (from < end && (template[from] == '-' || char.IsWhiteSpace(template[from])))
                from++;
            var to = from;
            while (to < end && char.IsAsciiLetter(template[to]))
                to++;
            return template[from..to];
        }
    }
}
