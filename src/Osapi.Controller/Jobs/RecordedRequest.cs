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

    /// <summary>Gets the request for a caller.</summary>
    public static JsonElement ToElement(JobRecord record) =>
        record.Request.Length <= MaxWritten && OperationCatalog.Default.TryFind(record.Operation, out var operation)
            ? Written(operation, record.Request)
            : JsonElement.Parse(record.Request.Span);

    /// <summary>Determines whether different bytes are the same request for an operation.</summary>
    public static bool AreSame(Operation operation, ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second) =>
        JsonElement.DeepEquals(Written(operation, first), Written(operation, second));

    // The contract may have changed since the job was accepted.
    private static JsonElement Written(Operation operation, ReadOnlyMemory<byte> request) =>
        RequestBinder.Bind(operation.RequestInfo, request).Value is { } value ? JsonSerializer.SerializeToElement(value, operation.RequestInfo) : JsonElement.Parse(request.Span);
}
