using System.Globalization;

namespace Osapi.Agent.Files.Templates;

/// <summary>
/// What a template may look like. The engine parses and renders by recursion, and a process does not survive the end of its stack:
/// what is too deep for it has to be refused before it looks.
/// </summary>
internal static class TemplateLimits
{
    /// <summary>The most characters of a tag, without text in quotes. Parentheses, indices, filters and operators nest no deeper than a tag is long.</summary>
    public const int MaxTagLength = 4096;

    /// <summary>How deep blocks may stand in each other.</summary>
    public const int MaxBlockDepth = 100;

    private static readonly string[] Blocks = ["if", "unless", "case", "for", "tablerow", "capture", "ifchanged"];

    /// <exception cref="RefusedTemplateException">It is too deep, or has a tag that the engine reads wrongly.</exception>
    public static void Require(string template)
    {
        Stack<string> open = new();
        foreach (var tag in TemplateTag.All(template))
        {
            if (tag.Length > MaxTagLength)
                throw new RefusedTemplateException(string.Create(CultureInfo.InvariantCulture, $"the tag at {Place(template, tag)} has more than {MaxTagLength} characters, text in quotes not counted"));
            // The engine reads it as if a line break were no end of a statement, and what follows it as if it were still inside.
            if (tag.Name == "liquid")
                throw new RefusedTemplateException($"the liquid tag at {Place(template, tag)} is not supported; write a tag for each of its lines");
            // An end that ends something else is an error to the engine, which says so when it comes to it.
            if (open.TryPeek(out var innermost) && tag.Name == $"end{innermost}")
                open.Pop();
            if (!Blocks.Contains(tag.Name))
                continue;
            open.Push(tag.Name);
            if (open.Count > MaxBlockDepth)
                throw new RefusedTemplateException(string.Create(CultureInfo.InvariantCulture, $"the {tag.Name} tag at {Place(template, tag)} is more than {MaxBlockDepth} blocks deep"));
        }
    }

    // As the engine writes places.
    private static string Place(string template, TemplateTag tag)
    {
        var before = template.AsSpan(0, tag.Open);
        return string.Create(CultureInfo.InvariantCulture, $"({before.Count('\n') + 1}:{tag.Open - before.LastIndexOf('\n')})");
    }
}
