using System.Globalization;
using System.Text;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files.Edits;

/// <summary>Computes a <see cref="ReplaceText"/>.</summary>
internal static class ReplaceEditing
{
    private const int MaxMatches = 1_000_000;

    public static TextEdit Of(ReplaceText request, FileText file)
    {
        // In an expression, $ is ahead of \n: with \r\n, a match to the end of the line would take the \r along.
        var isWide = file.Lines.Count > 0 && file.Lines.All(line => line.Break is "\r\n" or "") && file.LineBreak == "\r\n";
        var text = isWide ? file.Text.Replace("\r\n", "\n", StringComparison.Ordinal) : file.Text;
        var first = Replace(request, text);
        if (first.Count < (request.Min ?? 0) || first.Count > (request.Max ?? int.MaxValue))
            throw new OperationException(ErrorType.Conflict, string.Create(CultureInfo.InvariantCulture, $"{request.Path} has {first.Count} matches, and {(first.Count < request.Min ? $"at least {request.Min}" : $"at most {request.Max}")} are expected"));
        if (first.Text == text)
            return TextEdit.None;
        if (Replace(request, first.Text).Text != first.Text)
            throw new OperationException(ErrorType.Conflict, $"{request.Path}: match matches its own result, which the next run would change again; make match exclude it");
        var line = first.Text.AsSpan(0, Math.Min(first.FirstChange, first.Text.Length)).Count('\n') + 1;
        return new(EditAction.Replaced, isWide ? first.Text.Replace("\n", "\r\n", StringComparison.Ordinal) : first.Text) { LineNumber = line, Count = first.Changes };
    }

    private static (string Text, int Count, int Changes, int FirstChange) Replace(ReplaceText request, string text)
    {
        var (begin, end) = Region(request, text);
        StringBuilder result = new();
        var (copied, count, changes, firstChange) = (0, 0, 0, 0);
        for (var match = request.Match.Regex.Match(text, begin); match.Success && match.Index + match.Length <= end; match = match.NextMatch())
        {
            if (++count > MaxMatches)
                throw new OperationException(ErrorType.Conflict, $"{request.Path} has more than {MaxMatches} matches");
            var replacement = GroupReferences.Expand(request.With, match);
            result.Append(text, copied, match.Index - copied);
            if (replacement != match.Value && ++changes == 1)
                firstChange = result.Length;
            result.Append(replacement);
            copied = match.Index + match.Length;
            if (result.Length > EditedFile.MaxBytes)
                throw new OperationException(ErrorType.Conflict, $"{request.Path} would be larger than 16 MiB");
        }

        return (result.Append(text, copied, text.Length - copied).ToString(), count, changes, firstChange);
    }

    private static (int Begin, int End) Region(ReplaceText request, string text)
    {
        var begin = 0;
        if (request.After?.Regex is { } after)
        {
            if (after.Match(text) is not { Success: true } found)
                return (text.Length, -1);
            begin = found.Index + found.Length;
        }

        if (request.Before?.Regex is not { } before)
            return (begin, text.Length);
        return before.Match(text, begin) is { Success: true } limit ? (begin, limit.Index) : (text.Length, -1);
    }
}
