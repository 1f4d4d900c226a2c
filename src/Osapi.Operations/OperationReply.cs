using System.Text.Json;
using Osapi.Operations.Json;

namespace Osapi.Operations;

/// <summary>The untyped reply to a call.</summary>
/// <param name="Document">
/// The JSON document: <c>job_id</c> and <c>results</c> for a host operation, the result itself for a controller operation, or a
/// <c>check</c> instead.
/// </param>
/// <param name="RawJson">The response body, byte for byte; null when the reply did not come over the network.</param>
public sealed record OperationReply(JsonElement Document, string? RawJson = null)
{
    /// <summary>False when the controller returned a result with an error status, as <c>health.ready.get</c> does while it is not ready.</summary>
    public bool Succeeded { get; init; } = true;

    /// <summary>The id of the call's job; empty for a controller operation.</summary>
    public string JobId => JsonConventions.Text(Document, "job_id") ?? "";

    /// <summary>The predicted change of a controller operation when the call was a check; null for a host operation, whose results contain it.</summary>
    public CheckResult? Check => CheckResult.Read(Document);

    /// <summary>The results of the hosts; empty for a controller operation.</summary>
    public IEnumerable<HostReply> Hosts => JsonConventions.Elements(Document, "results").Select(HostReply.ReadReply);

    /// <summary>Converts the reply to the operation's result type.</summary>
    public JobReply<TResult> As<TRequest, TResult>(Operation<TRequest, TResult> operation)
        where TRequest : notnull
        where TResult : notnull
    {
        ArgumentNullException.ThrowIfNull(operation);
        return new() { JobId = JobId, Hosts = [.. Hosts.Select(entry => entry.As(operation.Result))], RawJson = RawJson };
    }
}
