using System.Text.Json;
using System.Text.Json.Serialization;

namespace Osapi.Transport.Jobs;

/// <summary>The JSON of the protocol's messages.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JobRecord)), JsonSerializable(typeof(JobCommand)), JsonSerializable(typeof(JobEvent)), JsonSerializable(typeof(AgentInfo)), JsonSerializable(typeof(AgentBeat)), JsonSerializable(typeof(AgentClaim))]
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

    /// <inheritdoc cref="Bytes(JobRecord)"/>
    public static byte[] Bytes(AgentBeat beat) => JsonSerializer.SerializeToUtf8Bytes(beat, Default.AgentBeat);

    /// <inheritdoc cref="Bytes(JobRecord)"/>
    public static byte[] Bytes(AgentClaim claim) => JsonSerializer.SerializeToUtf8Bytes(claim, Default.AgentClaim);

    /// <summary>Reads a job's record.</summary>
    public static JobRecord Record(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize(bytes.Span, Default.JobRecord)!;

    /// <summary>Reads a command.</summary>
    public static JobCommand Command(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize(bytes.Span, Default.JobCommand)!;

    /// <summary>Reads a state.</summary>
    public static JobEvent Event(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize(bytes.Span, Default.JobEvent)!;

    /// <summary>Reads what is known of an agent.</summary>
    public static AgentInfo Agent(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize(bytes.Span, Default.AgentInfo)!;

    /// <summary>Reads a heartbeat; null for one that nobody understands, which anybody may send.</summary>
    public static AgentBeat? TryBeat(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes.Span, Default.AgentBeat);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
