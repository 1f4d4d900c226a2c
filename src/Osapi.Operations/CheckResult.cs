using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations;

/// <summary>What an operation would change, found out without changing it.</summary>
public sealed record CheckResult
{
    /// <summary>True when it would change something, false when it would not; null when only doing it can tell.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public bool? Changed { get; init; }

    /// <summary>Why only doing it can tell; null when that goes without saying.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// The change to a file's text as a unified diff; null when no text would change. Sizes and hashes for what is no text, is
    /// large, or may not be read by everybody on the host.
    /// </summary>
    public string? Diff { get; init; }

    /// <summary>The change to the text of a file that not everybody on the host may read, for those who have the permission <c>file:content</c>; otherwise null.</summary>
    public string? ContentDiff { get; init; }

    /// <summary>The same without what only the permission <c>file:content</c> lets see.</summary>
    public CheckResult WithoutFileContent() => ContentDiff is null ? this : this with { ContentDiff = null };

    /// <summary>The settings as they are; null when there are none to show.</summary>
    public JsonElement? Before { get; init; }

    /// <summary>The settings as they would be; null when there are none to show.</summary>
    public JsonElement? After { get; init; }

    /// <summary>Writes the object.</summary>
    public void Write(Utf8JsonWriter writer)
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
        Setting(writer, "before", Before);
        Setting(writer, "after", After);
        writer.WriteEndObject();
    }

    /// <summary>Returns the object.</summary>
    public JsonObject ToJson()
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

    /// <summary>The <c>check</c> of an object; null when it has none.</summary>
    public static CheckResult? Read(JsonElement entry) =>
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

    private static void Setting(Utf8JsonWriter writer, string name, JsonElement? value)
    {
        if (value is not { } setting)
            return;
        writer.WritePropertyName(name);
        setting.WriteTo(writer);
    }
}
