using System.Buffers;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>Reads the requests in job records, which are the bytes that callers sent.</summary>
/// <remarks>
/// Different bytes can be the same request: other whitespace, a null for a member that is left out, another notation of an address.
/// Callers see, and requests are compared in, the form in which the contract writes them.
/// </remarks>
internal static class RecordedRequest
{
    // A larger request is shown as it came: writing it anew would need many times its memory.
    private const int MaxWritten = 64 * 1024;

    /// <summary>Gets the request for a caller, its secrets masked.</summary>
    /// <param name="record">The record.</param>
    /// <param name="request">Its request, which may be in an object.</param>
    public static JsonElement ToElement(JobRecord record, ReadOnlyMemory<byte> request)
    {
        if (!OperationCatalog.Default.TryFind(record.Operation, out var operation))
            return JsonElement.Parse(request.Span);
        // The records of earlier versions have the secrets.
        var masked = SecretMembers.Masked(operation, request);
        return masked.Length <= MaxWritten ? Written(operation, masked) : JsonElement.Parse(masked.Span);
    }

    /// <summary>Gets the bytes that all notations of a request have in common.</summary>
    public static ReadOnlySpan<byte> Canonical(Operation operation, ReadOnlyMemory<byte> request)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
            WriteSorted(writer, Written(operation, request));
        return bytes.WrittenSpan;
    }

    // The order of members means nothing.
    private static void WriteSorted(Utf8JsonWriter writer, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            writer.WriteStartObject();
            foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
            {
                writer.WritePropertyName(member.Name);
                WriteSorted(writer, member.Value);
            }

            writer.WriteEndObject();
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            writer.WriteStartArray();
            foreach (var item in value.EnumerateArray())
                WriteSorted(writer, item);
            writer.WriteEndArray();
        }
        else
        {
            value.WriteTo(writer);
        }
    }

    /// <summary>Determines whether different bytes are the same request for an operation.</summary>
    public static bool AreSame(Operation operation, ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second) =>
        JsonElement.DeepEquals(Written(operation, first), Written(operation, second));

    // The contract may have changed since the job was accepted.
    private static JsonElement Written(Operation operation, ReadOnlyMemory<byte> request) =>
        RequestBinder.Bind(operation.RequestInfo, request).Value is { } value ? JsonSerializer.SerializeToElement(value, operation.RequestInfo) : JsonElement.Parse(request.Span);
}
