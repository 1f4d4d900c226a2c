using System.Text.Json;
using Osapi.Operations;

namespace Osapi.Cli.Rendering;

/// <summary>Prints any result for people: names next to values, nested objects with dotted names, lists of objects as tables.</summary>
internal static class JsonTree
{
    public static void Print(JsonElement value, int indent, IReadOnlyList<string>? excluded = null)
    {
        List<(string Name, JsonElement Value)> members = [];
        Flatten("", value, members, excluded ?? []);
        var scalars = members.Where(member => !IsTable(member.Value)).ToList();
        var width = scalars.Count == 0 ? 0 : scalars.Max(member => member.Name.Length);
        foreach (var (name, member) in members)
            if (IsTable(member))
                PrintTable(name, member, indent);
            else
                PrintScalar(name.PadRight(width), Text(member), indent);
    }

    private static void Flatten(string prefix, JsonElement value, List<(string, JsonElement)> into, IReadOnlyList<string> excluded)
    {
        foreach (var member in value.EnumerateObject().Where(member => !excluded.Contains(member.Name)))
        {
            var memberName = ControlCharacters.Escape(member.Name);
            var name = prefix.Length == 0 ? memberName : $"{prefix}.{memberName}";
            if (member.Value.ValueKind == JsonValueKind.Object && member.Value.EnumerateObject().Any())
                Flatten(name, member.Value, into, []);
            else
                into.Add((name, member.Value));
        }
    }

    private static bool IsTable(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object);

    private static void PrintScalar(string name, string text, int indent)
    {
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n').Split('\n');
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

    private static void PrintTable(string name, JsonElement rows, int indent)
    {
        var pad = new string(' ', indent);
        Terminal.Out.Styled($"{pad}[grey]{name}[/]");
        var columns = rows.EnumerateArray().SelectMany(row => row.EnumerateObject()).Select(member => member.Name).Distinct().ToList();
        var headings = columns.ConvertAll(column => ControlCharacters.Escape(column));
        var cells = rows.EnumerateArray()
            .Select(row => columns.ConvertAll(column => row.TryGetProperty(column, out var cell) ? ControlCharacters.Escape(Text(cell)) : ""))
            .Prepend(headings)
            .ToList();
        var widths = headings.Select((_, index) => cells.Max(row => row[index].Length)).ToList();
        foreach (var row in cells)
        {
            var line = string.Join("  ", row.Select((cell, index) => IsNumeric(index) && !ReferenceEquals(row, headings) ? cell.PadLeft(widths[index]) : cell.PadRight(widths[index])));
            Terminal.Out.Line($"{pad}  {line.TrimEnd()}");
        }

        bool IsNumeric(int index) => rows.EnumerateArray().All(row => !row.TryGetProperty(columns[index], out var cell) || cell.ValueKind == JsonValueKind.Number);
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array when value.GetArrayLength() == 0 => "(none)",
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };
}
