using System.Text.Json;
using Osapi.Operations.Json;

namespace Osapi.Operations;

/// <summary>The untyped reply to a call.</summary>
public sealed record OperationReply
{
    private JsonElement? document;

    /// <summary>Creates a reply from a response body.</summary>
    /// <param name="document">The response: <c>job_id</c> and <c>results</c> for a host operation, the result itself for a controller operation, or a <c>check</c> instead of it.</param>
    /// <param name="rawJson">The response body, byte for byte; null when the reply did not come over the network.</param>
    public OperationReply(JsonElement document, string? rawJson = null)
    {
        this.document = document;
        RawJson = rawJson;
        JobId = Operations.JobId.TryParse(JsonConventions.Text(document, "job_id"), out var id) ? id : null;
        Check = CheckResult.Read(document);
        Hosts = [.. JsonConventions.Elements(document, "results").Select(HostReply.ReadReply)];
    }

    private OperationReply(JobId? jobId, IReadOnlyList<HostReply> hosts, CheckResult? check) => (JobId, Hosts, Check) = (jobId, hosts, check);

    /// <summary>The reply as JSON. A reply that was created in this process is serialized on first access.</summary>
    public JsonElement Document => document ??= Write();

    /// <summary>The response body, byte for byte; null when the reply did not come over the network.</summary>
    public string? RawJson { get; }

    /// <summary>True when <see cref="CallOptions.ResponseCopy"/> has received the response.</summary>
    internal bool IsCopied { get; init; }

    /// <summary>False when the controller returned a result with an error status, as <c>health.ready.get</c> does while it is not ready.</summary>
    public bool Succeeded { get; init; } = true;

    /// <summary>The id of the call's job; null for a controller operation.</summary>
    public JobId? JobId { get; }

    /// <summary>The check of a controller operation; null when the call was not a check, and for an operation on hosts, whose replies carry their checks.</summary>
    public CheckResult? Check { get; }

    /// <summary>The replies of the hosts; empty for a controller operation.</summary>
    public IReadOnlyList<HostReply> Hosts { get; }

    /// <summary>Creates the reply to a host operation.</summary>
    public static OperationReply OfHosts(JobId? jobId, IReadOnlyList<HostReply> hosts) => new(jobId, hosts, check: null);

    /// <summary>Creates the reply to the check of a controller operation.</summary>
    public static OperationReply OfCheck(CheckResult check) => new(jobId: null, [], check);

    /// <summary>Converts the hosts' results to the operation's result type.</summary>
    public JobReply<TResult> As<TRequest, TResult>(Operation<TRequest, TResult> operation)
        where TRequest : notnull
        where TResult : notnull
    {
        ArgumentNullException.ThrowIfNull(operation);
        return new() { JobId = JobId ?? default, Hosts = [.. Hosts.Select(host => host.As(operation.Result))], RawJson = RawJson };
    }

    private JsonElement Write()
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            writer.WriteStartObject();
            if (Check is not null)
            {
                writer.WritePropertyName("check");
                Check.Write(writer);
            }
            else
            {
                writer.WriteString("job_id", JobId?.ToString() ?? "");
                writer.WriteStartArray("results");
                foreach (var host in Hosts)
                    host.Write(writer);
                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return JsonElement.Parse(bytes.ToArray());
    }
}
