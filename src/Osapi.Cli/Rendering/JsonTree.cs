using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations;

namespace Osapi.Cli.Rendering;

/// <summary>Prints any result for people: names next to values, nested objects with dotted names, lists of objects as tables.</summary>
internal static class JsonTree
{
    // The part of a longer line that is printed when lines are limited.
    private const int MaxLength = 400;

    public static void Print(JsonElement value, int indent, TreeOptions options)
    {
        List<Member> members = [];
        Flatten("", value, members, options);
        var scalars = members.Where(member => !IsTable(member.Value)).ToList();
        var width = scalars.Count == 0 ? 0 : scalars.Max(member => member.Name.Length);
        foreach (var member in members)
            if (IsTable(member.Value))
                PrintTable(member, indent, options);
            else
                PrintScalar(member.Name.PadRight(width), MemberUnits.Format(member.Value, member.Unit) ?? Text(member.Value), indent, options);
    }

    /// <summary>Returns the text of a value.</summary>
    public static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array when value.GetArrayLength() == 0 => "(none)",
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    private static void Flatten(string prefix, JsonElement value, List<Member> into, TreeOptions options)
    {
        foreach (var member in value.EnumerateObject().Where(member => !options.Excluded.Contains(member.Name) && !options.Omits(member.Name, member.Value)))
        {
            var memberName = ControlCharacters.Escape(member.Name);
            var name = prefix.Length == 0 ? memberName : $"{prefix}.{memberName}";
            var contract = MemberUnits.ContractOf(options.Contract, member.Name);
            if (member.Value.ValueKind == JsonValueKind.Object && member.Value.EnumerateObject().Any())
                Flatten(name, member.Value, into, options with { Contract = contract, Excluded = [] });
            else
                into.Add(new(name, member.Value, options.UnitOf(member.Name), contract));
        }
    }

    private static bool IsTable(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object);

    private static void PrintScalar(string name, string text, int indent, TreeOptions options)
    {
        var lines = Limit(text.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n').Split('\n'), name.TrimEnd(), options);
        var pad = new string(' ', indent);
        if (lines.Length == 1)
        {
            Terminal.Out.Styled($"{pad}[grey]{(lines[0].Length == 0 ? name.TrimEnd() : $"{name}  ")}[/]{lines[0]}");
            return;
        }

        Terminal.Out.Styled($"{pad}[grey]{name.TrimEnd()}[/]");
        foreach (var line in lines)
            Terminal.Out.Line($"{pad}  {line}");
    }

    // The beginning and the end of a long text: a command often says at its end why it failed.
    private static string[] Limit(string[] lines, string name, TreeOptions options)
    {
        if (options.MaxLines is not { } max)
            return lines;
        string[] cut = [.. lines.Select(line => line.Length > MaxLength ? $"{line[..MaxLength]}... ({line.Length} characters)" : line)];
        if (cut.Length <= max)
            return cut;
        var head = max / 2;
        return [.. cut[..head], $"... {Rest(cut.Length - max, "lines", name, options)}", .. cut[^(max - head)..]];
    }

    private static string Rest(int count, string noun, string name, TreeOptions options) =>
        $"{count} more {(count == 1 ? noun[..^1] : noun)}: {options.CommandFor(name) ?? "--verbose"}";

    private static void PrintTable(Member table, int indent, TreeOptions options)
    {
        var (name, rows) = (table.Name, table.Value);
        var pad = new string(' ', indent);
        Terminal.Out.Styled($"{pad}[grey]{name}[/]");
        var columns = rows.EnumerateArray().SelectMany(row => row.EnumerateObject()).Select(member => member.Name).Distinct().ToList();
        var headings = columns.ConvertAll(column => ControlCharacters.Escape(column));
        var cells = rows.EnumerateArray()
            .Select(row => columns.ConvertAll(column => row.TryGetProperty(column, out var cell) ? ControlCharacters.Escape(MemberUnits.Format(cell, MemberUnits.Of(table.Contract, column)) ?? Text(cell)) : ""))
            .Take(options.MaxLines ?? int.MaxValue)
            .Prepend(headings)
            .ToList();
        var widths = headings.Select((_, index) => cells.Max(row => row[index].Length)).ToList();
        foreach (var row in cells)
        {
            var line = string.Join("  ", row.Select((cell, index) => IsNumeric(index) && !ReferenceEquals(row, headings) ? cell.PadLeft(widths[index]) : cell.PadRight(widths[index])));
            Terminal.Out.Line($"{pad}  {line.TrimEnd()}");
        }

        if (rows.GetArrayLength() > options.MaxLines)
            Terminal.Out.Line($"{pad}  ... {Rest(rows.GetArrayLength() - options.MaxLines.Value, "rows", name, options)}");

        bool IsNumeric(int index) => rows.EnumerateArray().All(row => !row.TryGetProperty(columns[index], out var cell) || cell.ValueKind == JsonValueKind.Number);
    }

    /// <summary>A member that is printed.</summary>
    /// <param name="Name">The name, with those of the objects that it is in.</param>
    /// <param name="Value">The value.</param>
    /// <param name="Unit">The unit of the value.</param>
    /// <param name="Contract">The contract of the value, of the items when it is a list; null when it is not known.</param>
    private sealed record Member(string Name, JsonElement Value, MemberUnit Unit, JsonTypeInfo? Contract);
}
