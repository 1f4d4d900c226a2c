using System.Text;
using System.Text.Json;
using Osapi.Operations.Json;
using Osapi.Orchestrator;

namespace Osapi.Cli.Rendering;

/// <summary>Writes a plan's report as JSON, for programs.</summary>
internal static class ReportJson
{
    public static string Text(string name, Report report)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteString("outcome", SnakeCaseName.Of(report.Outcome));
            writer.WriteString("summary", report.Summary());
            writer.WriteNumber("duration_ms", Math.Round(report.Duration.TotalMilliseconds));
            writer.WriteStartArray("tasks");
            foreach (var task in report.Tasks)
                Write(writer, task, report);
            writer.WriteEndArray();
            writer.WriteStartArray("owed");
            foreach (var owed in report.Owed)
                Write(writer, owed);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, TaskResult task, Report report)
    {
        writer.WriteStartObject();
        writer.WriteString("name", task.Name);
        writer.WriteString("status", task.Status.ToText());
        writer.WriteBoolean("changed", task.Changed);
        writer.WriteNumber("attempts", task.Attempts);
        writer.WriteNumber("duration_ms", Math.Round(task.Duration.TotalMilliseconds));
        Optional(writer, "job_id", task.JobId?.ToString());
        Optional(writer, "error", task.Status == Status.Cancelled && task.Error is OperationCanceledException ? null : task.Error?.Message);
        Optional(writer, "skip_reason", task.SkipReason);
        if (task.Data is { } data)
        {
            writer.WritePropertyName("data");
            data.WriteTo(writer);
        }

        if (task.HostResults.Count == 0)
            WriteReasons(writer, report.Explain(task.Name));
        writer.WriteStartArray("hosts");
        foreach (var host in task.HostResults)
            Write(writer, task, host, report);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, TaskResult task, HostResult host, Report report)
    {
        writer.WriteStartObject();
        writer.WriteString("hostname", host.Hostname);
        writer.WriteString("status", host.Status.ToText());
        if (host.Outcome is { } outcome)
            writer.WriteString("outcome", SnakeCaseName.Of(outcome));
        writer.WriteBoolean("changed", host.Changed);
        Optional(writer, "error", host.Error);
        Optional(writer, "job_id", host.JobId?.ToString());
        Optional(writer, "skip_reason", host.SkipReason);
        if (host.IsExcused)
            writer.WriteBoolean("allowed", value: true);
        writer.WriteNumber("attempts", host.Attempts);
        writer.WriteNumber("duration_ms", Math.Round(host.Duration.TotalMilliseconds));
        WriteReasons(writer, report.Explain(task.Name, host.Hostname));
        if (host.Data is { } data)
        {
            writer.WritePropertyName("data");
            data.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, OwedCell owed)
    {
        writer.WriteStartObject();
        writer.WriteString("task", owed.Task);
        Optional(writer, "host", owed.Host);
        writer.WriteEndObject();
    }

    private static void WriteReasons(Utf8JsonWriter writer, IReadOnlyList<CellReason> reasons)
    {
        writer.WriteStartArray("why");
        foreach (var reason in reasons)
        {
            writer.WriteStartObject();
            writer.WriteString("task", reason.Task);
            Optional(writer, "host", reason.Host);
            writer.WriteString("status", reason.Status.ToText());
            writer.WriteString("kind", SnakeCaseName.Of(reason.Kind));
            writer.WriteString("text", reason.Text);
            writer.WriteNumber("waited_ms", Math.Round(reason.Waited.TotalMilliseconds));
            writer.WriteNumber("queued_ms", Math.Round(reason.Queued.TotalMilliseconds));
            Optional(writer, "waited_for_task", reason.WaitedForTask);
            Optional(writer, "waited_for_host", reason.WaitedForHost);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Optional(Utf8JsonWriter writer, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            writer.WriteString(name, value);
    }
}
