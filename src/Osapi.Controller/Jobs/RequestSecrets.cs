using System.Security.Cryptography;
using System.Text;
using Osapi.Controller.Auth;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>
/// Keeps the secrets of requests out of the records of jobs. A record has them masked; the whole request is in the commands and, for a
/// controller that has to complete them, in a message beside them, until the job is over.
/// </summary>
/// <remarks>Commands have a maximum age, so that the secrets of a job whose controllers are all gone do not stay.</remarks>
internal sealed class RequestSecrets(ITransport transport, LargeRequests large, ControllerOptions options, SigningKey key)
{
    private const int MaxNamed = 10;

    private readonly byte[] codeKey = key.Derive("codes of requests");

    /// <summary>Masks the secrets of a request for its record.</summary>
    /// <returns>The request for the record, and the code of the whole request; a null code when it has no secrets.</returns>
    public (ReadOnlyMemory<byte> Recorded, string? Code) Mask(JobRequest request)
    {
        var masked = SecretMembers.Masked(request.Operation, request.Request);
        return masked.Equals(request.Request) ? (masked, null) : (masked, CodeOf(request));
    }

    /// <summary>Refuses a job with secrets for hosts without a key: the broker and its readers could read them.</summary>
    /// <exception cref="OperationException">A host could only get them unsealed, and the setting does not allow it.</exception>
    public void RequireSealed(JobRecord record)
    {
        if (record.SecretsCode is null || options.AllowUnsealedSecrets || record.Executors.Where(executor => !transport.IsSealedFor(executor)).ToList() is not { Count: > 0 } without)
            return;
        var hosts = without is [HostKey.Any] ? "a host without a key may take the job"
            : $"{string.Join(", ", without.Take(MaxNamed))}{(without.Count > MaxNamed ? $" and {without.Count - MaxNamed} more" : "")} cannot open them without a key";
        throw new OperationException(ErrorType.Conflict, $"the request has secrets, and {hosts}: enroll all hosts, or set trust.unsealed_secrets to allow on the controllers");
    }

    /// <summary>Determines whether a request is the one of a record.</summary>
    public async ValueTask<bool> AreSameAsync(JobRecord record, JobRequest request, CancellationToken cancellationToken)
    {
        if (record.SecretsCode is { } code)
            return code == CodeOf(request);
        if (record.RequestObject is { } stored && RequestObjects.AreSame(stored, request.Request))
            return true;
        return await large.FindAsync(record, cancellationToken) is { } recorded
            && (recorded.Span.SequenceEqual(request.Request.Span) || RecordedRequest.AreSame(request.Operation, recorded, request.Request));
    }

    /// <summary>Creates the message with the whole request, if its record has not all of it, and the commands of a new job.</summary>
    public static IEnumerable<Append> Commands(JobRecord record, RequestContent request, IReadOnlyList<FileReference>? files) =>
    [
        .. record.SecretsCode is null ? (IEnumerable<Append>)[] : [new(StreamName.Commands, Subjects.Request(record.Id), request.Object is { } stored ? RequestObjects.Bytes(stored) : request.Bytes, MessageId: $"{record.Id}.request")],
        .. JobCommands.Of(record, request, files),
    ];

    /// <summary>Finds the whole request of a job; null when its secrets were removed.</summary>
    public async Task<RequestContent?> FindAsync(JobRecord record, CancellationToken cancellationToken)
    {
        if (record.SecretsCode is null)
            return new(record.Request, record.RequestObject);
        if ((await transport.LastAsync(StreamName.Commands, Subjects.Request(record.Id), cancellationToken))?.Payload is not { IsEmpty: false } message)
            return null;
        return record.SecretObject is null ? new(message) : RequestObjects.TryParse(message) is { } stored ? RequestContent.Of(stored) : null;
    }

    /// <summary>Removes the secrets of jobs that are over: their commands, and the message beside them.</summary>
    /// <param name="records">The jobs.</param>
    /// <param name="queued">Those of them that may be in the work queue.</param>
    /// <param name="cancellationToken">Cancels the removal.</param>
    /// <exception cref="TransportException">The store does not answer.</exception>
    public async Task RemoveAsync(IReadOnlyList<JobRecord> records, HashSet<JobId> queued, CancellationToken cancellationToken)
    {
        foreach (var record in records)
        {
            // First, because the message beside the commands tells the next start of a controller what is left.
            if (record.SecretObject is { } whole)
                await transport.Requests.DeleteAsync(whole, cancellationToken);
            await Task.WhenAll(record.Executors
                .Where(executor => executor != HostKey.Any)
                .Select(executor => Subjects.Command(executor, record.Id))
                .Append(Subjects.Request(record.Id))
                .Select(subject => transport.PurgeAsync(StreamName.Commands, subject, before: null, cancellationToken)));
        }

        if (queued.Count > 0)
            await new QueuedJobs(transport).RemoveAsync(queued, cancellationToken);
    }

    private string CodeOf(JobRequest request)
    {
        using var code = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, codeKey);
        code.AppendData(Encoding.ASCII.GetBytes(request.Id.ToString()));
        code.AppendData(RecordedRequest.Canonical(request.Operation, request.Request));
        return Convert.ToBase64String(code.GetHashAndReset());
    }
}
