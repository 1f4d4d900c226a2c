using System.Text.Json;
using Osapi.Operations;

namespace Osapi.Controller.Operations;

/// <summary>Writes the response of an operation on hosts.</summary>
internal static class HostResponseWriter
{
    // Clients of the Go reference read the reply of a single host there.
    private static readonly string[] RepeatedOfResult = ["path", "sha256"];

    /// <summary>Writes the envelope: the job, and one entry for each host that was expected to answer.</summary>
    public static void Write(Utf8JsonWriter writer, Operation operation, JobId jobId, IReadOnlyList<HostReply> entries)
    {
        writer.WriteStartObject();
        writer.WriteString("job_id", jobId.ToGuid());
        if (operation.RepeatsEntry && entries is [var only])
            WriteRepeatedMembers(writer, operation, only);
        WriteEntries(writer, operation, entries);
        writer.WriteEndObject();
    }

    /// <summary>Writes the entries as the member <c>results</c>.</summary>
    public static void WriteEntries(Utf8JsonWriter writer, Operation operation, IReadOnlyList<HostReply> entries)
    {
        writer.WriteStartArray("results");
        foreach (var entry in entries)
            entry.Write(writer, withStatus: !operation.ResultHasStatus);
        writer.WriteEndArray();
    }

    private static void WriteRepeatedMembers(Utf8JsonWriter writer, Operation operation, HostReply entry)
    {
        writer.WriteString("hostname", entry.Hostname);
        writer.WriteBoolean("changed", entry.Changed);
        if (entry.Error is not null)
            writer.WriteString("error", entry.Error);
        if (!operation.ResultHasStatus)
            writer.WriteString("status", entry.Status);
        if (entry.Result is not { ValueKind: JsonValueKind.Object } result)
            return;
        foreach (var member in result.EnumerateObject())
            if (RepeatedOfResult.Contains(member.Name) || (operation.ResultHasStatus && member.Name == "status"))
                member.WriteTo(writer);
    }
}
