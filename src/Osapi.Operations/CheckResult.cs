using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations;

/// <summary>The predicted changes of an operation, found without changing anything.</summary>
public sealed record CheckResult
{
    /// <summary>True when the operation would change something, false when it would not; null when this cannot be predicted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public bool? Changed { get; init; }

    /// <summary>The reason that the result cannot be predicted; null when it is obvious or the result is predicted.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// The change to a file's text as a unified diff; null when no text would change. For content that is binary, too large, or not
    /// readable by every user of the host, it shows sizes and hashes.
    /// </summary>
    public string? Diff { get; init; }

    /// <summary>The diff of a file that not every user of the host may read, for callers with the permission <c>file:content</c>; otherwise null.</summary>
    public string? ContentDiff { get; init; }

    /// <summary>Returns a copy without the content that requires the permission <c>file:content</c>.</summary>
    internal CheckResult WithoutFileContent() => ContentDiff is null ? this : this with { ContentDiff = null };

    /// <summary>The current settings; null when there are none to show.</summary>
    public JsonElement? Before { get; init; }

    /// <summary>The settings after the change; null when there are none to show.</summary>
    public JsonElement? After { get; init; }

    /// <summary>Writes this value as a JSON object.</summary>
    internal void Write(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        if (Changed is { } changed)
            writer.WriteBoolean("changed", changed);
        else
            writer.WriteNull("changed");
        if (Reason is not null)
            writer.WriteString("reason", Reason);
        if (Diff is not null)
            writer.WriteString("diff", Diff);
        if (ContentDiff is not null)
            writer.WriteString("content_diff", ContentDiff);
        WriteSetting(writer, "before", Before);
        WriteSetting(writer, "after", After);
        writer.WriteEndObject();
    }

    /// <summary>Returns the object.</summary>
    internal JsonObject ToJson()
    {
        JsonObject json = new() { ["changed"] = Changed };
        if (Reason is not null)
            json["reason"] = Reason;
        if (Diff is not null)
            json["diff"] = Diff;
        if (ContentDiff is not null)
            json["content_diff"] = ContentDiff;
        if (Before is { } before)
            json["before"] = JsonConventions.ToNode(before);
        if (After is { } after)
            json["after"] = JsonConventions.ToNode(after);
        return json;
    }

    /// <summary>Reads the member <c>check</c> of an object; null when it has none.</summary>
    internal static CheckResult? Read(JsonElement entry) =>
        !entry.TryGetProperty("check", out var check) || check.ValueKind != JsonValueKind.Object ? null : new()
        {
            Changed = check.TryGetProperty("changed", out var changed) ? changed.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => null,
            } : null,
            Reason = JsonConventions.Text(check, "reason"),
            Diff = JsonConventions.Text(check, "diff"),
            ContentDiff = JsonConventions.Text(check, "content_diff"),
            Before = check.TryGetProperty("before", out var before) ? before.Clone() : null,
            After = check.TryGetProperty("after", out var after) ? after.Clone() : null,
        };

    private static void WriteSetting(Utf8JsonWriter writer, string name, JsonElement? value)
    {
        if (value is not { } setting)
            return;
        writer.WritePropertyName(name);
        setting.WriteTo(writer);
    }
}
