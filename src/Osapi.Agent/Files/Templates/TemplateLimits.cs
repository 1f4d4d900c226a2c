using System.Globalization;

namespace Osapi.Agent.Files.Templates;

/// <summary>The limits of a template's structure.</summary>
/// <remarks>
/// The engine parses and renders recursively, and a stack overflow ends the process, so a template that is nested too
/// deeply is refused before parsing.
/// </remarks>
internal static class TemplateLimits
{
    /// <summary>
    /// The maximum number of characters of a tag, without quoted text. Parentheses, indices, filters and operators
    /// cannot nest deeper than a tag is long.
    /// </summary>
    public const int MaxTagLength = 4096;

    /// <summary>The maximum nesting depth of blocks.</summary>
    public const int MaxBlockDepth = 100;

    private static readonly string[] Blocks = ["if", "unless", "case", "for", "tablerow", "capture", "ifchanged"];

    /// <exception cref="RefusedTemplateException">
    /// The template is nested too deeply, or has a tag that the engine misreads.
    /// </exception>
    public static void Require(string template)
    {
        Stack<string> open = new();
        foreach (var tag in TemplateTag.All(template))
        {
            if (tag.Length > MaxTagLength)
                throw new RefusedTemplateException(string.Create(CultureInfo.InvariantCulture, $"the tag at {Place(template, tag)} has more than {MaxTagLength} characters, text in quotes not counted"));
            // The engine does not end a statement at a line break, and reads the following text as if it were still inside.
            if (tag.Name == "liquid")
                throw new RefusedTemplateException($"the liquid tag at {Place(template, tag)} is not supported; write a tag for each of its lines");
            // The engine itself reports an end tag that does not match.
            if (open.TryPeek(out var innermost) && tag.Name == $"end{innermost}")
                open.Pop();
            if (!Blocks.Contains(tag.Name))
                continue;
            open.Push(tag.Name);
            if (open.Count > MaxBlockDepth)
                throw new RefusedTemplateException(string.Create(CultureInfo.InvariantCulture, $"the {tag.Name} tag at {Place(template, tag)} is more than {MaxBlockDepth} blocks deep"));
        }
    }

    // In the engine's format of positions.
    private static string Place(string template, TemplateTag tag)
    {
        var before = template.AsSpan(0, tag.Open);
        return string.Create(CultureInfo.InvariantCulture, $"({before.Count('\n') + 1}:{tag.Open - before.LastIndexOf('\n')})");
    }
}
