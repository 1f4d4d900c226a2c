using System.Text.Json;
using Osapi.Operations;

namespace Osapi.Orchestrator.Checks;

/// <summary>Creates replies to checks on the client side.</summary>
internal static class CheckReply
{
    /// <summary>Creates the reply of the controller.</summary>
    public static OperationReply Of(CheckResult check) => Of(writer =>
    {
        writer.WritePropertyName("check");
        check.Write(writer);
    });

    /// <summary>Creates the reply of hosts.</summary>
    public static OperationReply Of(string jobId, IReadOnlyList<HostReply> entries) => Of(writer =>
    {
        writer.WriteString("job_id", jobId);
        writer.WriteStartArray("results");
        foreach (var entry in entries)
            entry.Write(writer);
        writer.WriteEndArray();
    });

    private static OperationReply Of(Action<Utf8JsonWriter> write)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return new(JsonElement.Parse(buffer.ToArray()));
    }
}
