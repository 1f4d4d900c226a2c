using System.Text.Json;
using Osapi.Operations.Json;

namespace Osapi.Operations;

/// <summary>The answer to a call before its result has a type.</summary>
public sealed record OperationReply
{
    private JsonElement? document;

    /// <summary>Takes an answer as it came.</summary>
    /// <param name="document">The answer: <c>job_id</c> and <c>results</c> for a host operation, the result itself for a controller operation, or a <c>check</c> in its place.</param>
    /// <param name="rawJson">The same, byte for byte as it came; null when it did not come over the wire.</param>
    public OperationReply(JsonElement document, string? rawJson = null)
    {
        this.document = document;
        RawJson = rawJson;
        JobId = Operations.JobId.TryParse(JsonConventions.Text(document, "job_id"), out var id) ? id : null;
        Check = CheckResult.Read(document);
        Hosts = [.. JsonConventions.Elements(document, "results").Select(HostReply.ReadReply)];
    }

    private OperationReply(JobId? jobId, IReadOnlyList<HostReply> hosts, CheckResult? check) => (JobId, Hosts, Check) = (jobId, hosts, check);

    /// <summary>The answer as JSON. One that was put together here is written when it is asked for.</summary>
    public JsonElement Document => document ??= Write();

    /// <summary>The answer byte for byte as it came; null when it did not come over the wire.</summary>
    public string? RawJson { get; }

    /// <summary>False when the controller returned a result with an error status, as <c>health.ready.get</c> does while it is not ready.</summary>
    public bool Succeeded { get; init; } = true;

    /// <summary>The id of the call's job; null for a controller operation.</summary>
    public JobId? JobId { get; }

    /// <summary>The check of a controller operation; null when the call was no check, and for an operation on hosts, whose replies carry their checks.</summary>
    public CheckResult? Check { get; }

    /// <summary>The replies of the hosts; empty for a controller operation.</summary>
    public IReadOnlyList<HostReply> Hosts { get; }

    /// <summary>Makes the answer of hosts from their replies.</summary>
    public static OperationReply OfHosts(JobId? jobId, IReadOnlyList<HostReply> hosts) => new(jobId, hosts, check: null);

    /// <summary>Makes the answer to the check of a controller operation.</summary>
    public static OperationReply OfCheck(CheckResult check) => new(jobId: null, [], check);

    /// <summary>Gives each host's result the type of the operation.</summary>
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
