using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Orchestrator;

namespace Osapi.Plans.Recorded;

/// <summary>The values that the record of a run keeps, so that it can be resumed: those of the variables, and the selection.</summary>
internal static class RecordedValues
{
    private static readonly string[] Lists = ["only", "skip", "tags", "skip_tags"];

    /// <summary>Returns the values of the variables and the selection.</summary>
    public static JsonElement Of(PlanFile file, PlanSelection? selection)
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
