using System.Net;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Client;

/// <summary>Creates the HTTP request of a call of hosts: operation, target or hosts, and request are in the body, and the id of the job in the path.</summary>
internal static class SubmissionMessage
{
    /// <summary>The text before the members of the operation's request, in errors about the body.</summary>
    public const string RequestPrefix = "request.";

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
        message.Headers.Add("Prefer", OperationMessage.OutputPreference(options));
        message.Content = new Content(MembersOf(operation, target, options), request.IsEmpty ? "{}"u8.ToArray() : request);
        return message;
    }

    /// <summary>True when a request can be embedded: it is one JSON value, or empty.</summary>
    public static bool CanCarry(ReadOnlyMemory<byte> request)
    {
        Utf8JsonReader reader = new(request.Span);
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return request.IsEmpty;
        }
    }

    private static byte[] MembersOf(Operation operation, Target target, CallOptions options) => JsonSerializer.SerializeToUtf8Bytes(
        new()
        {
            Operation = operation.Id,
            Target = target.Kind == TargetKind.Hosts ? null : target.Text,
            Hosts = target.Kind == TargetKind.Hosts ? target.Hostnames : null,
            Check = options.Check && operation.CanBeChecked ? true : null,
            StartWithin = options.StartWithin?.TotalSeconds,
            Run = options.Run,
            Task = options.Task,
            CancelOnDisconnect = options.CancelOnDisconnect ? true : null,
        },
        JobOperations.SubmitInfo);

    // The members of the submission, and the operation's request as the last of them. A large request is not copied.
    private sealed class Content : HttpContent
    {
        private readonly ReadOnlyMemory<byte> before;
        private readonly ReadOnlyMemory<byte> request;

        public Content(byte[] members, ReadOnlyMemory<byte> request)
        {
            before = (byte[])[.. members.AsSpan(..^1), .. ",\"request\":"u8];
            this.request = request;
            Headers.ContentType = new("application/json");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(before, cancellationToken).ConfigureAwait(false);
            await stream.WriteAsync(request, cancellationToken).ConfigureAwait(false);
            await stream.WriteAsync("}"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = before.Length + (long)request.Length + 1;
            return true;
        }
    }
}
