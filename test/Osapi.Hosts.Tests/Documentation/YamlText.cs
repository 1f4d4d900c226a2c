using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Osapi.Cli.Operations;
using Osapi.Operations;

namespace Osapi.Hosts.Tests.Documentation;

/// <summary>Writes an example as a plan file with one task.</summary>
internal static partial class YamlText
{
    public static string Plan(Operation operation, JsonObject members)
    {
        List<string> lines =
        [
            "name: example",
            "tasks:",
            $"  - name: {string.Join('-', CommandName.Of(operation, OperationCatalog.Default))}",
            $"    op: {operation.Id}",
        ];
        if (operation.RunsOn == RunsOn.Host)
            lines.Add("    target: _all");
        if (members.Count > 0)
            lines.Add("    with:");
        lines.AddRange(members.Select(member => $"      {member.Key}: {(IsText(member.Value) ? Block(member.Value!.ToString()) : Value(member.Value))}"));
        return string.Join('\n', lines);
    }

    private static bool IsText(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String && value.ToString().Contains('\n', StringComparison.Ordinal);

    // A plan has no line break at its end.
    private static string Block(string text) => "|-\n" + string.Join('\n', text.Split('\n').Select(line => line.Length > 0 ? $"        {line}" : ""));

    private static string Value(JsonNode? value) => value switch
    {
        JsonArray items => $"[{string.Join(", ", items.Select(Value))}]",
        JsonObject entries => $"{{{string.Join(", ", entries.Select(entry => $"{Value(JsonValue.Create(entry.Key))}: {Value(entry.Value)}"))}}}",
        null => "null",
        _ when value.GetValueKind() != JsonValueKind.String => value.ToJsonString(),
        _ => PlainText.IsMatch(value.ToString()) ? value.ToString() : $"\"{value.ToString().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
    };

    // Starts with a letter, has no character with a meaning in YAML, and is not a word that might be one of its values.
    [GeneratedRegex("^(?!(true|false|null|yes|no|on|off)$)[A-Za-z/_][A-Za-z0-9/._-]*$", RegexOptions.IgnoreCase)]
    private static partial Regex PlainText { get; }
}
