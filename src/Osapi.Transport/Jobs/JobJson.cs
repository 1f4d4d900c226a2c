using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Osapi.Operations.Node;
using Osapi.Transport.Jobs.Outputs;

namespace Osapi.Transport.Jobs;

/// <summary>The JSON of the protocol's messages.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(JobRecord)), JsonSerializable(typeof(JobCommand)), JsonSerializable(typeof(JobEvent)), JsonSerializable(typeof(AgentInfo)), JsonSerializable(typeof(AgentHeartbeat)), JsonSerializable(typeof(AgentClaim)), JsonSerializable(typeof(ConfirmRequest)), JsonSerializable(typeof(ConfirmReply)), JsonSerializable(typeof(TailRequest)), JsonSerializable(typeof(FileReference))]
[JsonSerializable(typeof(LoadAverage)), JsonSerializable(typeof(Memory))]
public sealed partial class JobJson : JsonSerializerContext
{
    /// <summary>The size up to which a message is handed on within a process as it is; a larger one would keep what it was made from.</summary>
    internal const int MaxKnown = 16 * 1024;

    /// <summary>Serializes a message.</summary>
    public static byte[] Bytes(JobRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, Default.JobRecord);

    /// <inheritdoc cref="Bytes(JobRecord)"/>
    public static byte[] Bytes(JobCommand command) => JsonSerializer.SerializeToUtf8Bytes(command, Default.JobCommand);

    /// <inheritdoc cref="Bytes(JobRecord)"/>
    public static byte[] Bytes(JobEvent state) => JsonSerializer.SerializeToUtf8Bytes(state, Default.JobEvent);

    /// <summary>Serializes a state, with a large reply on a separate thread.</summary>
    public static Task<byte[]> BytesAsync(JobEvent state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return SeparateThread.RunIfLargeAsync(state.Entry is { } entry ? JsonMarshal.GetRawUtf8Value(entry).Length : 0, () => Bytes(state));
    }

    /// <inheritdoc cref="Bytes(JobRecord)"/>
    public static byte[] Bytes(AgentInfo agent) => JsonSerializer.SerializeToUtf8Bytes(agent, Default.AgentInfo);

    /// <inheritdoc cref="Bytes(JobRecord)"/>
    public static byte[] Bytes(AgentHeartbeat heartbeat) => JsonSerializer.SerializeToUtf8Bytes(heartbeat, Default.AgentHeartbeat);

    /// <inheritdoc cref="Bytes(JobRecord)"/>
    public static byte[] Bytes(AgentClaim claim) => JsonSerializer.SerializeToUtf8Bytes(claim, Default.AgentClaim);

    /// <inheritdoc cref="Bytes(JobRecord)"/>
    public static byte[] Bytes(ConfirmRequest request) => JsonSerializer.SerializeToUtf8Bytes(request, Default.ConfirmRequest);

    /// <inheritdoc cref="Bytes(JobRecord)"/>
    public static byte[] Bytes(ConfirmReply reply) => JsonSerializer.SerializeToUtf8Bytes(reply, Default.ConfirmReply);

    /// <inheritdoc cref="Bytes(JobRecord)"/>
    public static byte[] Bytes(TailRequest request) => JsonSerializer.SerializeToUtf8Bytes(request, Default.TailRequest);

    /// <summary>Parses a job record that this process wrote or has validated before; for other input use its TryParse.</summary>
    public static JobRecord Record(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize(bytes.Span, Default.JobRecord)!;

    /// <summary>Parses a command that this process wrote or has validated before; for other input use its TryParse.</summary>
    public static JobCommand Command(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize(bytes.Span, Default.JobCommand)!;

    /// <summary>Parses a state that this process wrote or has validated before; for other input use its TryParse.</summary>
    public static JobEvent Event(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize(bytes.Span, Default.JobEvent)!;

    /// <summary>
    /// Parses an agent record that this process wrote or has validated before; for other input use its TryParse.
    /// </summary>
    public static AgentInfo Agent(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize(bytes.Span, Default.AgentInfo)!;

    /// <summary>Parses a heartbeat; null for invalid bytes, which anybody may send.</summary>
    public static AgentHeartbeat? TryParseHeartbeat(ReadOnlyMemory<byte> bytes) => Jobs.AgentHeartbeat.TryParse(bytes);
}
