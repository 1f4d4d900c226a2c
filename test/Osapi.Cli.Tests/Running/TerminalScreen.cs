using System.Text;
using System.Text.RegularExpressions;

namespace Osapi.Cli.Tests.Running;

/// <summary>
/// The rows of a terminal after a program wrote to it, those that scrolled away included. It knows what our programs send (ECMA-48): carriage return, line feed,
/// the end of the row and of the screen erased, colours, the row above, and the modes of a terminal. Anything else is a mistake.
/// </summary>
internal sealed partial class TerminalScreen(int width)
{
    private readonly List<StringBuilder> rows = [new()];
    private int row;
    private int column;
    private bool wraps = true;

    public IReadOnlyList<string> Rows => string.Join('\n', rows.Select(row => row.ToString().TrimEnd())).TrimEnd('\n').Split('\n');

    public void Write(string text)
    {
        while (text.Length > 0)
        {
            if (Sequence.Match(text) is { Success: true } sequence)
            {
                Control(sequence.Value);
                text = text[sequence.Length..];
                continue;
            }

            Put(text[0]);
            text = text[1..];
        }
    }

    private void Control(string sequence)
    {
        if (sequence is "\x1b[?7l" or "\x1b[?7h")
            wraps = sequence[^1] == 'h';
        else if (sequence is "\x1b[K")
            rows[row].Length = Math.Min(rows[row].Length, column);
        else if (!sequence.EndsWith('m') && sequence is not ("\x1b[?1h" or "\x1b=" or "\x1b[?1l" or "\x1b>"))
            Assert.Fail($"unknown sequence {sequence.Replace("\x1b", "ESC", StringComparison.Ordinal)}");
    }

    private void Put(char letter)
    {
        switch (letter)
        {
            case '\r':
                column = 0;
                return;
            case '\n':
                Next();
                return;
            case < ' ':
                Assert.Fail($"a control character {(int)letter:x2} was not escaped");
                return;
        }

        if (column == width)
        {
            if (!wraps)
                column--;
            else
                (column, _) = (0, Next());
        }

        var line = rows[row];
        while (line.Length <= column)
            line.Append(' ');
        line[column++] = letter;
    }

    private int Next()
    {
        row++;
        if (row == rows.Count)
            rows.Add(new());
        return row;
    }

    [GeneratedRegex(@"^\x1b(\[[0-9;?]*[A-Za-z]|[=>])")]
    private static partial Regex Sequence { get; }
}
