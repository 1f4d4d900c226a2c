using System.Globalization;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files.Edits;

/// <summary>Computes an <see cref="UpdateBlock"/>.</summary>
internal static class BlockEditing
{
    public static TextEdit Of(UpdateBlock request, FileText file)
    {
        List<TextLine> lines = [.. file.Lines];
        if (Find(request, lines) is not { } found)
            return request.State == EditState.Absent ? TextEdit.None : LineInsertion.Insert(file, request, [request.BeginMarker, .. Lines(request.Block!), request.EndMarker], isFirst: false);
        if (request.State == EditState.Absent)
        {
            lines.RemoveRange(found.Begin, found.End - found.Begin + 1);
            return TextEdit.Of(EditAction.Removed, lines) with { Count = 1 };
        }

        var content = Lines(request.Block!);
        if (lines[(found.Begin + 1)..found.End].Select(line => line.Content).SequenceEqual(content))
            return TextEdit.None;
        lines.RemoveRange(found.Begin + 1, found.End - found.Begin - 1);
        lines.InsertRange(found.Begin + 1, content.Select(line => new TextLine(line, file.LineBreak)));
        return TextEdit.Of(EditAction.Replaced, lines) with { LineNumber = found.Begin + 1, Count = 1 };
    }

    private static (int Begin, int End)? Find(UpdateBlock request, List<TextLine> lines)
    {
        List<int> begins = [], ends = [];
        for (var at = 0; at < lines.Count; at++)
            if (lines[at].Content == request.BeginMarker)
                begins.Add(at);
            else if (lines[at].Content == request.EndMarker)
                ends.Add(at);
        return (begins, ends) switch
        {
            ([], []) => null,
            ([var begin], [var end]) when begin < end => (begin, end),
            _ => throw new OperationException(ErrorType.Conflict, $"{request.Path}: the markers of the block {request.MarkerName} are not one pair: they begin in {Numbers(begins)} and end in {Numbers(ends)}"),
        };
    }

    private static string Numbers(List<int> lines) => lines is [] ? "no line" : "line " + string.Join(", ", lines.Select(line => (line + 1).ToString(CultureInfo.InvariantCulture)));

    private static IReadOnlyList<string> Lines(string block)
    {
        List<string> lines = [.. block.Split('\n').Select(line => line.TrimEnd('\r'))];
        if (lines is [.., ""])
            lines.RemoveAt(lines.Count - 1);
        return lines;
    }
}
