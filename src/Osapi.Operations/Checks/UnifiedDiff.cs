using System.Text;

namespace Osapi.Operations.Checks;

/// <summary>Creates unified diffs of text in the format of <c>diff -u</c>.</summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    // Memory grows with the square of the number of lines. Beyond this limit the changed middle is replaced as a whole.
    private const int MaxLines = 2000;

    /// <summary>Returns the diff; empty when the texts are equal.</summary>
    /// <param name="oldName">The name of the old text in the header.</param>
    /// <param name="newName">The name of the new text in the header.</param>
    /// <param name="oldText">The old text.</param>
    /// <param name="newText">The new text.</param>
    public static string Of(string oldName, string newName, string oldText, string newText)
    {
        ArgumentNullException.ThrowIfNull(oldText);
        ArgumentNullException.ThrowIfNull(newText);
        if (oldText == newText)
            return "";
        var edits = Edits(Lines(oldText), Lines(newText));
        StringBuilder diff = new($"--- {oldName}\n+++ {newName}\n");
        var (oldLine, newLine) = (1, 1);
        for (var i = 0; i < edits.Count;)
        {
            if (edits[i].Kind == ' ')
            {
                (i, oldLine, newLine) = (i + 1, oldLine + 1, newLine + 1);
                continue;
            }

            var start = Math.Max(0, i - Context);
            var end = EndOf(edits, i);
            var (oldCount, newCount) = (Count(edits, start, end, '+'), Count(edits, start, end, '-'));
            diff.Append("@@ -").Append(Range(oldLine - (i - start), oldCount)).Append(" +").Append(Range(newLine - (i - start), newCount)).Append(" @@\n");
            for (var line = start; line < end; line++)
                diff.Append(edits[line].Kind).Append(edits[line].Line).Append(edits[line].Line.EndsWith('\n') ? "" : "\n\\ No newline at end of file\n");
            (oldLine, newLine) = (oldLine - (i - start) + oldCount, newLine - (i - start) + newCount);
            i = end;
        }

        return diff.ToString();
    }

    // A hunk continues while the next change is so near that the context lines would overlap.
    private static int EndOf(List<(char Kind, string Line)> edits, int start)
    {
        var last = start;
        for (var i = start; i < edits.Count && i - last <= 2 * Context; i++)
            if (edits[i].Kind != ' ')
                last = i;
        return Math.Min(edits.Count, last + Context + 1);
    }

    // The number of a hunk's lines on one side: all except those that only the other side has.
    private static int Count(List<(char Kind, string Line)> edits, int start, int end, char other) =>
        Enumerable.Range(start, end - start).Count(i => edits[i].Kind != other);

    private static string Range(int start, int count) => count switch
    {
        0 => $"{start - 1},0",
        1 => $"{start}",
        _ => $"{start},{count}",
    };

    private static string[] Lines(string text)
    {
        List<string> lines = [];
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start) is >= 0 and var newline ? newline + 1 : text.Length;
            lines.Add(text[start..end]);
            start = end;
        }

        return [.. lines];
    }

    private static List<(char Kind, string Line)> Edits(string[] old, string[] now)
    {
        var head = 0;
        while (head < old.Length && head < now.Length && old[head] == now[head])
            head++;
        var tail = 0;
        while (tail < old.Length - head && tail < now.Length - head && old[^(tail + 1)] == now[^(tail + 1)])
            tail++;
        List<(char, string)> edits = [.. old[..head].Select(line => (' ', line))];
        edits.AddRange(Middle(old[head..^tail], now[head..^tail]));
        edits.AddRange(old[^tail..].Select(line => (' ', line)));
        return edits;
    }

    // The longest common subsequence, found backwards so that it can be read forwards.
    private static IEnumerable<(char, string)> Middle(string[] old, string[] now)
    {
        if (old.Length > MaxLines || now.Length > MaxLines)
            return [.. old.Select(line => ('-', line)), .. now.Select(line => ('+', line))];
        var common = new ushort[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
            for (var j = now.Length - 1; j >= 0; j--)
                common[i, j] = old[i] == now[j] ? (ushort)(common[i + 1, j + 1] + 1) : Math.Max(common[i + 1, j], common[i, j + 1]);

        List<(char, string)> edits = [];
        var (a, b) = (0, 0);
        while (a < old.Length || b < now.Length)
            if (a < old.Length && b < now.Length && old[a] == now[b])
                (_, a, b) = (Add(' ', old[a]), a + 1, b + 1);
            else if (b == now.Length || (a < old.Length && common[a + 1, b] >= common[a, b + 1]))
                a += Add('-', old[a]);
            else
                b += Add('+', now[b]);
        return edits;

        int Add(char kind, string line)
        {
            edits.Add((kind, line));
            return 1;
        }
    }
}
