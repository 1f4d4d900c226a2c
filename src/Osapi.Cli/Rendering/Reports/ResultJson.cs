using System.Text.Json;
using Osapi.Operations.Json;
using Osapi.Orchestrator;

namespace Osapi.Cli.Rendering.Reports;

/// <summary>Writes how tasks and hosts ended as JSON, for programs.</summary>
internal static class ResultJson
{
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
}
