using System.Globalization;
using Osapi.Operations;
using Spectre.Console;

namespace Osapi.Cli.Rendering;

/// <summary>
/// Creates a line with styled parts: <c>[bold]{name}[/]  {text}</c>. Only brackets of the format string count; Spectre's markup would
/// also turn words between colons into emoji, even in values.
/// </summary>
internal static class StyledLine
{
    public static Paragraph Create(FormattableString line)
    {
        Paragraph paragraph = new();
        Stack<Style> styles = new([Style.Plain]);
        object?[] values = [.. line.GetArguments().Select(value => ControlCharacters.Escape(Convert.ToString(value, CultureInfo.InvariantCulture)))];
        var rest = line.Format.AsSpan();
        while (!rest.IsEmpty)
        {
            var bracket = rest.IndexOf('[') is >= 0 and var start ? start : rest.Length;
            if (bracket > 0)
            {
                paragraph.Append(string.Format(CultureInfo.InvariantCulture, rest[..bracket].ToString(), values), styles.Peek());
                rest = rest[bracket..];
                continue;
            }

            var end = rest.IndexOf(']');
            if (rest[1..end] is "/")
                styles.Pop();
            else
                styles.Push(Style.Parse(string.Format(CultureInfo.InvariantCulture, rest[1..end].ToString(), values)));
            rest = rest[(end + 1)..];
        }

        return paragraph;
    }
}
