using System.Text.Json;
using System.Text.Json.Serialization;

namespace Osapi.Transport.Jobs;

/// <summary>The JSON of the protocol's messages.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JobRecord)), JsonSerializable(typeof(JobCommand)), JsonSerializable(typeof(JobEvent)), JsonSerializable(typeof(AgentInfo))]
public sealed partial class JobJson : JsonSerializerContext
{
    /// <summary>The bytes of a message.</summary>
    public static byte[] Bytes(JobRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, Default.JobRecord);

    /// <inheritdoc cref="Bytes(JobRecord)"/>
    public static byte[] Bytes(JobCommand command) => JsonSerializer.SerializeToUtf8Bytes(command, Default.JobCommand);

    /// <inheritdoc cref="Bytes(JobRecord)"/>
    public static byte[] Bytes(JobEvent state) => JsonSerializer.SerializeToUtf8Bytes(state, Default.JobEvent);

    /// <inheritdoc cref="Bytes(JobRecord)"/>
    public static byte[] Bytes(AgentInfo agent) => JsonSerializer.SerializeToUtf8Bytes(agent, Default.AgentInfo);

    /// <summary>Reads a job's record.</summary>
    public static JobRecord Record(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize(bytes.Span, Default.JobRecord)!;

    /// <summary>Reads a command.</summary>
    public static JobCommand Command(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize(bytes.Span, Default.JobCommand)!;

    /// <summary>Reads a state.</summary>
    public static JobEvent Event(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize(bytes.Span, Default.JobEvent)!;

    /// <summary>Reads an agent's registration.</summary>
    public static AgentInfo Agent(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize(bytes.Span, Default.AgentInfo)!;
}
