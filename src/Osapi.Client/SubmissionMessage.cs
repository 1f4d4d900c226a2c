using System.Net.Http.Headers;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Client;

/// <summary>Creates the HTTP request of a call on a list of hosts, which does not fit a path: operation, hosts and request are in the body.</summary>
internal static class SubmissionMessage
{
    /// <summary>Creates the message.</summary>
    /// <param name="baseUrl">The address of the controller.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="request">The request as JSON; it is embedded as it is.</param>
    /// <param name="target">The hosts.</param>
    /// <param name="options">The options of the call, with the id of the job.</param>
    public static HttpRequestMessage Create(Uri baseUrl, Operation operation, ReadOnlyMemory<byte> request, Target target, CallOptions options)
    {
        var route = JobOperations.SubmitRoute;
        HttpRequestMessage message = new(new(route.Method), new Uri(baseUrl, route.Template.TrimStart('/').Replace("{id}", options.JobId!.Value.ToString(), StringComparison.Ordinal)));
        message.Headers.Accept.Add(new("application/json"));
        message.Content = new ReadOnlyMemoryContent(Body(operation, request, target, options)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return message;
    }

    private static byte[] Body(Operation operation, ReadOnlyMemory<byte> request, Target target, CallOptions options)
    {
        SubmitJob job = new()
        {
            Operation = operation.Id,
            Hosts = target.Hostnames,
            Check = options.Check ? true : null,
            StartWithin = options.StartWithin?.TotalSeconds,
            CancelOnDisconnect = options.CancelOnDisconnect ? true : null,
        };
        ReadOnlySpan<byte> members = JsonSerializer.SerializeToUtf8Bytes(job, JobOperations.SubmitInfo);
        // The request is the last member. It may be wrong JSON, which the controller refuses.
        return [.. members[..^1], .. ",\"request\":"u8, .. request.IsEmpty ? "{}"u8 : request.Span, .. "}"u8];
    }
}
