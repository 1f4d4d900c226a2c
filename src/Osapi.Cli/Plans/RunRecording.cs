using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Cli.Yaml;
using Osapi.Operations;
using Osapi.Operations.Runs;
using Osapi.Orchestrator;
using Osapi.Plans;

namespace Osapi.Cli.Plans;

/// <summary>The parts of a plan file that the record of a run keeps, so that it can be resumed without the file: the text of all files, the values, and the selection.</summary>
internal static class RunRecording
{
    // The controller takes no more. A larger plan can be resumed where its files are.
    private const int MaxFileBytes = 512 * 1024;

    private static readonly string[] Lists = ["only", "skip", "tags", "skip_tags"];

    /// <summary>Returns the files of a plan, the plan file first; empty when they are too large.</summary>
    public static IReadOnlyList<RunFile> FilesOf(string path, SourceFiles sources)
    {
        List<RunFile> files = [.. sources.Contents.OrderBy(file => file.Key != path).Select(file => new RunFile(FullName(file.Key), Encoding.UTF8.GetString(file.Value)))];
        return files.Sum(file => (long)Encoding.UTF8.GetByteCount(file.Text)) <= MaxFileBytes ? files : [];
    }

    private static string FullName(string path) => path == "-" ? path : Path.GetFullPath(path);

    /// <summary>Returns the values of the variables and the selection.</summary>
    public static JsonElement ValuesOf(PlanFile file, PlanSelection? selection)
    {
        JsonObject values = new() { ["vars"] = file.Values.DeepClone() };
        if (selection is not null)
        {
            JsonObject selected = new() { ["start_at"] = selection.StartAt, ["limit"] = selection.Limit?.Text };
            foreach (var (name, members) in Lists.Zip([selection.Only, selection.Skip, selection.Tags, selection.SkipTags]))
                selected[name] = new JsonArray([.. members.Select(member => (JsonNode)JsonValue.Create(member))]);
            values["selection"] = selected;
        }

        return JsonElement.Parse(values.ToJsonString());
    }

    /// <summary>Returns the selection of a recorded run; null for none.</summary>
    public static PlanSelection? SelectionOf(JsonElement? values)
    {
        if (values is not { ValueKind: JsonValueKind.Object } all || !all.TryGetProperty("selection", out var selected) || selected.ValueKind != JsonValueKind.Object)
            return null;
        var limit = Text("limit");
        return new()
        {
            Only = Names("only"),
            Skip = Names("skip"),
            Tags = Names("tags"),
            SkipTags = Names("skip_tags"),
            StartAt = Text("start_at"),
            Limit = limit is null ? null : limit.Contains(',', StringComparison.Ordinal) ? Target.OfHosts(limit.Split(',')) : Target.Parse(limit),
        };

        string? Text(string name) => selected.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

        IReadOnlyList<string> Names(string name) => selected.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : [];
    }

    /// <summary>Returns the values of the variables of a recorded run as a file of variables; null without any.</summary>
    public static string? VariablesOf(JsonElement? values) =>
        values is { ValueKind: JsonValueKind.Object } all && all.TryGetProperty("vars", out var vars) && vars.ValueKind == JsonValueKind.Object && vars.EnumerateObject().Any() ? vars.GetRawText() : null;
}
