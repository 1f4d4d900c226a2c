using System.Text.Json;
using Osapi.Operations.Json;

namespace Osapi.Operations;

/// <summary>The answer to a call before it is given its type: the whole document.</summary>
/// <param name="Document">The answer: <c>job_id</c> and <c>results</c> for a host operation, the result itself for a controller operation, or a <c>check</c> in its place.</param>
/// <param name="RawJson">The same, byte for byte as it came; null when it did not come over the wire.</param>
public sealed record OperationReply(JsonElement Document, string? RawJson = null)
{
    /// <summary>False when the controller answered a result with an error status, as <c>health.ready.get</c> does while it is not ready.</summary>
    public bool Succeeded { get; init; } = true;

    /// <summary>The job that the call became; empty for a controller operation.</summary>
    public string JobId => JsonConventions.Text(Document, "job_id") ?? "";

    /// <summary>What a controller operation would change, when the call only asked that; null for one on hosts, whose entries say it.</summary>
    public CheckResult? Check => CheckResult.Read(Document);

    /// <summary>The entries of the hosts; empty for a controller operation.</summary>
    public IEnumerable<HostReply> Hosts => JsonConventions.Elements(Document, "results").Select(HostReply.ReadReply);

    /// <summary>The answer with each host's result as a value of the operation's type.</summary>
    public JobReply<TResult> As<TRequest, TResult>(Operation<TRequest, TResult> operation)
        where TRequest : notnull
        where TResult : notnull
    {
        ArgumentNullException.ThrowIfNull(operation);
        return new() { JobId = JobId, Hosts = [.. Hosts.Select(entry => entry.As(operation.Result))], RawJson = RawJson };
    }
}
