using System.Text;

namespace Osapi.Cli.Rendering;

/// <summary>Prints output of hosts while it comes.</summary>
internal static class OutputLines
{
    private const int BufferSize = 64 * 1024;

    // A longer line is broken, so that output without line breaks needs no memory.
    private const int MaxLength = 64 * 1024;

    /// <summary>Copies bytes to standard output, until the end or until nobody reads it.</summary>
    public static async Task CopyAsync(Stream content, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        while (!Terminal.Output.HasFailed && await content.ReadAsync(buffer, cancellationToken) is > 0 and var length)
            Terminal.Output.Write(buffer.AsSpan(0, length));
    }

    /// <summary>Prints text line by line, until the end or until nobody reads it.</summary>
    /// <param name="content">The text, in UTF-8.</param>
    /// <param name="prefix">The text before each line.</param>
    /// <param name="cancellationToken">Stops the printing.</param>
    public static async Task PrintAsync(Stream content, string prefix, CancellationToken cancellationToken)
    {
        using StreamReader reader = new(content, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, BufferSize, leaveOpen: true);
        var buffer = new char[BufferSize];
        StringBuilder line = new();
        while (!Terminal.Output.HasFailed && await reader.ReadAsync(buffer, cancellationToken) is > 0 and var length)
            Add(buffer.AsSpan(0, length), line, prefix);
        if (line.Length > 0)
            Print(line, prefix);
    }

    private static void Add(ReadOnlySpan<char> text, StringBuilder line, string prefix)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOf('\n');
            var count = Math.Min(end < 0 ? text.Length : end, MaxLength - line.Length);
            line.Append(text[..count]);
            text = text[count..];
            if (count == end)
                text = text[1..];
            if (count == end || line.Length == MaxLength)
                Print(line, prefix);
        }
    }

    private static void Print(StringBuilder line, string prefix)
    {
        // Programs on Windows and progress bars end lines with it.
        if (line.Length > 0 && line[^1] == '\r')
            line.Length--;
        var text = prefix + line;
        if (Console.IsOutputRedirected)
            Terminal.Raw(text);
        else
            Terminal.Out.Line(text);
        line.Clear();
    }
}
