namespace Osapi.Agent.Files.Templates;

/// <summary>
/// Accepts the spelling of Go templates: <c>{{ .Vars.port }}</c>, <c>{{ .Facts.cpu_count }}</c> and <c>{{ .Hostname
/// }}</c> for <c>vars.port</c>, <c>facts.cpu_count</c> and <c>hostname</c>.
/// </summary>
/// <remarks>
/// It applies inside tags, outside of quoted text, raw blocks and comments. Any other name with a leading dot loses the
/// dot, so that rendering reports it as undefined. The template keeps its length, so that error positions stay right.
/// </remarks>
internal static class GoTemplateSyntax
{
    private static readonly string[] Roots = ["Facts", "Vars", "Hostname"];

    public static string Rewrite(string template)
    {
        var rewritten = template.ToCharArray();
        foreach (var tag in TemplateTag.All(template))
            if (tag.Name != "#")
                RewriteTag(template, tag, rewritten);
        return new(rewritten);
    }

    private static void RewriteTag(string template, TemplateTag tag, char[] rewritten)
    {
        for (var i = tag.Start; i < tag.End; i++)
            if (template[i] is '"' or '\'')
            {
                i = TemplateTag.EndOfText(template, i);
            }
            else if (template[i] == '.' && EndsNoName(template[i - 1]) && NameAt(template, i + 1, tag.End) is { Length: > 0 } name)
            {
                rewritten[i] = ' ';
                if (Roots.Contains(name))
                    rewritten[i + 1] = char.ToLowerInvariant(name[0]);
            }
    }

    // A dot after a name, an index or a text accesses a member.
    private static bool EndsNoName(char before) => !char.IsLetterOrDigit(before) && before is not ('_' or ']' or ')' or '"' or '\'' or '.');

    // Follows the engine's rule for names: a dash may be part of it, but a trailing one belongs to the end of the tag.
    private static string NameAt(string template, int start, int end)
    {
        var to = start;
        if (to < end && (char.IsAsciiLetter(template[to]) || template[to] == '_'))
            while (to < end && (char.IsAsciiLetterOrDigit(template[to]) || template[to] is '_' or '-'))
                to++;
        return template[start..(to == end && to > start && template[to - 1] == '-' ? to - 1 : to)];
    }
}
