using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations.Json;
using Osapi.Orchestrator;

namespace Osapi.Cli.Rendering.Reports;

/// <summary>Writes the report of a plan as JSON, for programs.</summary>
internal static class ReportJson
{
    // They stand beside the data of a host.
    public static readonly string[] MembersBesideData = ["hostname", "outcome", "changed", "error"];

    /// <summary>Writes the members of the report.</summary>
    public static void Write(Utf8JsonWriter writer, string name, Report report)
    {
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
        writer.WriteStartArray("critical_path");
        foreach (var task in report.CriticalPath)
            writer.WriteStringValue(task.Name);
        writer.WriteEndArray();
    }

    /// <summary>Writes how a task ended.</summary>
    public static void WriteStatus(Utf8JsonWriter writer, TaskResult task)
    {
        writer.WriteString("status", task.Status.ToText());
        writer.WriteBoolean("changed", task.Changed);
        writer.WriteNumber("attempts", task.Attempts);
        writer.WriteNumber("duration_ms", Math.Round(task.Duration.TotalMilliseconds));
        Optional(writer, "job_id", task.JobId?.ToString());
        Optional(writer, "error", task.Status == Status.Cancelled && task.Error is OperationCanceledException ? null : task.Error?.Message);
        Optional(writer, "skip_reason", task.SkipReason);
    }

    /// <summary>Writes how a task ended on a host.</summary>
    public static void WriteStatus(Utf8JsonWriter writer, HostResult host)
    {
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
    }

    /// <summary>Writes a member unless its value is empty.</summary>
    public static void Optional(Utf8JsonWriter writer, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            writer.WriteString(name, value);
    }

    private static void Write(Utf8JsonWriter writer, TaskResult task, Report report)
    {
        writer.WriteStartObject();
        writer.WriteString("name", task.Name);
        WriteStatus(writer, task);
        // The answers of hosts stand with them.
        if (task.HostResults.Count == 0)
        {
            if (task.Data is { } data)
                WriteData(writer, data, []);
            WriteItems(writer, task.Items);
            WriteReasons(writer, report.Explain(task.Name));
        }

        writer.WriteStartArray("hosts");
        foreach (var host in task.HostResults)
        {
            writer.WriteStartObject();
            WriteStatus(writer, host);
            WriteReasons(writer, report.Explain(task.Name, host.Hostname));
            if (host.Data is { } data)
                WriteData(writer, data, MembersBesideData);
            WriteItems(writer, host.Items);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteItems(Utf8JsonWriter writer, IReadOnlyList<ItemResult> items)
    {
        if (items.Count == 0)
            return;
        writer.WriteStartArray("items");
        foreach (var item in items)
        {
            writer.WriteStartObject();
            writer.WriteString("key", item.Key);
            writer.WriteString("status", item.Status.ToText());
            writer.WriteBoolean("changed", item.Changed);
            writer.WriteNumber("attempts", item.Attempts);
            Optional(writer, "job_id", item.JobId?.ToString());
            Optional(writer, "error", item.Error);
            Optional(writer, "skip_reason", item.SkipReason);
            if (item.Data is { } data)
                WriteData(writer, data, MembersBesideData);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteData(Utf8JsonWriter writer, JsonObject data, string[] excluded)
    {
        writer.WriteStartObject("data");
        foreach (var (name, value) in data)
            if (!excluded.Contains(name))
            {
                writer.WritePropertyName(name);
                if (value is null)
                    writer.WriteNullValue();
                else
                    value.WriteTo(writer);
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
}
