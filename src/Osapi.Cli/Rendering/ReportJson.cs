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
                Write(writer, task);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, TaskResult task)
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

        writer.WriteStartArray("hosts");
        foreach (var host in task.HostResults)
            Write(writer, host);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, HostResult host)
    {
        writer.WriteStartObject();
        writer.WriteString("hostname", host.Hostname);
        writer.WriteString("status", host.Status.ToText());
        if (host.Outcome is { } outcome)
            writer.WriteString("outcome", SnakeCaseName.Of(outcome));
        writer.WriteBoolean("changed", host.Changed);
        Optional(writer, "error", host.Error);
        Optional(writer, "job_id", host.JobId?.ToString());
        if (host.Data is { } data)
        {
            writer.WritePropertyName("data");
            data.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static void Optional(Utf8JsonWriter writer, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            writer.WriteString(name, value);
    }
}
