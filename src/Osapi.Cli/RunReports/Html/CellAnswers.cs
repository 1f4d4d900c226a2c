using System.Text.Json;

namespace Osapi.Cli.RunReports.Html;

/// <summary>The answer of hosts to a task.</summary>
internal static class CellAnswers
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(HtmlWriter page, AnswerGroup group, int maxOutput)
    {
        // A separator that no name has, so that the script finds whole names.
        page.Add($"<div class=\"answer\" data-status=\"{group.Status}\" data-hosts=\" {string.Join(' ', group.Hosts)} \"><p>");
        StatusBadge.Write(page, group.Status);
        page.Add($" <bdi>{string.Join(", ", group.Hosts)}</bdi>{(group.Attempts > 1 ? $" ({group.Attempts} attempts)" : "")}");
        if (group.Reason is not null)
            page.Add($" <span class=\"{(group.Status == "failed" ? "error" : "muted")}\"><bdi>{Cut(group.Reason, Math.Max(400, maxOutput))}</bdi></span>");
        page.Raw("</p>");
        if (group is { Status: not ("changed" or "unchanged"), Why: { Count: > 1 } why })
            page.Add($"<p class=\"muted\">because {string.Join(", because ", why.Skip(1).Take(5).Select(step => $"{step.Task}{(step.Host is null ? "" : $" on {step.Host}")} {step.Status}: {Cut(step.Text, 400)}"))}</p>");
        if (group.Data is { ValueKind: JsonValueKind.Object } data && maxOutput > 0)
            Members(page, data, maxOutput);
        page.Raw("</div>\n");
    }

    private static void Members(HtmlWriter page, JsonElement data, int maxOutput)
    {
        var isOpen = false;
        foreach (var member in data.EnumerateObject().Where(member => !IsEmpty(member.Value)))
        {
            if (!isOpen)
                page.Raw("<dl>");
            isOpen = true;
            var text = OutputCut.Of(Text(member.Value), maxOutput);
            page.Add($"<dt>{member.Name}</dt><dd>");
            if (text.Contains('\n', StringComparison.Ordinal))
                page.Add($"<details><summary>{LinesIn(text)}</summary><pre>").Lines(text).Raw("</pre></details>");
            else
                page.Raw("<code>").Lines(text).Raw("</code>");
            page.Raw("</dd>");
        }

        if (isOpen)
            page.Raw("</dl>");
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => true,
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };

    private static string Text(JsonElement value)
    {
        if (value.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object))
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, Indented))
            value.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static string LinesIn(string text) => text.TrimEnd('\n').AsSpan().Count('\n') + 1 is > 1 and var lines ? $"{lines} lines" : "1 line";

    private static string Cut(string text, int maxLength) => text.Length <= maxLength ? text : $"{text[..maxLength]}...";
}
