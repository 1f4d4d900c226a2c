using System.Text.RegularExpressions;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files.Edits;

/// <summary>Computes an <see cref="UpdateLine"/>.</summary>
internal static class LineEditing
{
    public static TextEdit Of(UpdateLine request, FileText file)
    {
        if (request.State == EditState.Absent)
            return Remove(request, file);
        // Wherever it is, and whatever else matches: it is there.
        if (request.Backrefs != true && file.Lines.Any(line => line.Content == request.Line))
            return TextEdit.None;
        List<TextLine> lines = [.. file.Lines];
        var regex = request.Match?.Regex;
        var at = regex is null ? -1
            : request.FirstMatch == true ? lines.FindIndex(line => regex.IsMatch(line.Content))
            : lines.FindLastIndex(line => regex.IsMatch(line.Content));
        if (at < 0)
            return request.Backrefs == true ? TextEdit.None : LineInsertion.Insert(file, request, [request.Line!], request.FirstMatch == true);

        var replaced = Replacement(request, regex!, lines[at].Content);
        if (replaced == lines[at].Content)
            return TextEdit.None;
        lines[at] = lines[at] with { Content = replaced };
        return TextEdit.Of(EditAction.Replaced, lines) with { LineNumber = at + 1 };
    }

    private static string Replacement(UpdateLine request, Regex regex, string old)
    {
        if (request.Backrefs != true)
            return request.Line!;
        var replaced = GroupReferences.Expand(request.Line!, regex.Match(old));
        if (regex.Match(replaced) is { Success: true } again && GroupReferences.Expand(request.Line!, again) != replaced)
            throw new OperationException(ErrorType.Conflict, $"{request.Path}: match matches its own result '{replaced}', which the next run would change again; make match exclude it");
        return replaced;
    }

    private static TextEdit Remove(UpdateLine request, FileText file)
    {
        var regex = request.Match?.Regex;
        List<TextLine> kept = [.. file.Lines.Where(line => regex is null ? line.Content != request.Line : !regex.IsMatch(line.Content))];
        return kept.Count == file.Lines.Count ? TextEdit.None : TextEdit.Of(EditAction.Removed, kept) with { Count = file.Lines.Count - kept.Count };
    }
}
