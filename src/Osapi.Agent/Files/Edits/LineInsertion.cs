using Osapi.Operations.Files;

namespace Osapi.Agent.Files.Edits;

/// <summary>Inserts lines at the place that an edit names.</summary>
internal static class LineInsertion
{
    /// <summary>Inserts lines.</summary>
    /// <param name="file">The text.</param>
    /// <param name="request">The edit.</param>
    /// <param name="added">The new lines.</param>
    /// <param name="isFirst">True to take the first matching place instead of the last.</param>
    public static TextEdit Insert(FileText file, InsertingEdit request, IReadOnlyList<string> added, bool isFirst)
    {
        List<TextLine> lines = [.. file.Lines];
        var at = Place(lines, request, isFirst);
        // A last line without an end would be joined with the new one.
        if (at == lines.Count && lines is [.., { Break: "" } last])
            lines[^1] = last with { Break = file.LineBreak };
        lines.InsertRange(at, added.Select(line => new TextLine(line, file.LineBreak)));
        return TextEdit.Of(EditAction.Added, lines) with { LineNumber = at + 1 };
    }

    private static int Place(List<TextLine> lines, InsertingEdit request, bool isFirst)
    {
        if (request.AtBeginning == true)
            return 0;
        if ((request.InsertAfter ?? request.InsertBefore)?.Regex is not { } regex)
            return lines.Count;
        var found = isFirst ? lines.FindIndex(line => regex.IsMatch(line.Content)) : lines.FindLastIndex(line => regex.IsMatch(line.Content));
        return found < 0 ? lines.Count : request.InsertAfter is null ? found : found + 1;
    }
}
