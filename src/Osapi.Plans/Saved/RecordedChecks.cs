using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Operations.Json;

namespace Osapi.Plans.Saved;

/// <summary>
/// Records the calls of a check as the hosts answered them, before a dry run corrects them for earlier changes: the requests with their secrets masked, and the answers.
/// </summary>
/// <param name="invoker">The invoker that executes the calls.</param>
internal sealed class RecordedChecks(IOperationInvoker invoker) : IOperationInvoker
{
    private readonly ConcurrentDictionary<JobId, string> byJob = [];
    private readonly ConcurrentDictionary<(JobId Job, string Host), string> answers = [];
    private readonly ConcurrentQueue<(string Operation, string Request)> ofController = [];

    /// <summary>The requests to the controller itself: the operation and the digest, sorted.</summary>
    public IReadOnlyList<(string Operation, string Request)> OfController => [.. ofController.Order()];

    /// <summary>Returns the digest of the request of a job; null for an unknown one.</summary>
    public string? RequestOf(JobId? job) => job is { } id ? byJob.GetValueOrDefault(id) : null;

    /// <summary>Returns what a host answered; empty when it gave no answer, or only read something.</summary>
    public string AnswerOf(JobId? job, string host) => job is { } id ? answers.GetValueOrDefault((id, host), "") : "";

    /// <inheritdoc/>
    public async Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
    {
        var masked = SecretMembers.Masked(operation, JsonSerializer.SerializeToUtf8Bytes(request, operation.RequestInfo));
        var digest = $"{operation.Id} {Convert.ToHexStringLower(SHA256.HashData(masked.Span))}{ContentOf(operation, request)}";
        if (options?.JobId is { } job)
            byJob[job] = digest;
        else if (operation.CanBeChecked)
            ofController.Enqueue((operation.Id, digest));
        try
        {
            var reply = await invoker.SendAsync(operation, request, target, options, cancellationToken).ConfigureAwait(false);
            Record(operation, options?.JobId, reply.Hosts);
            return reply;
        }
        catch (ApiException exception)
        {
            Record(operation, options?.JobId, exception.Hosts);
            throw;
        }
    }

    // What a call that only reads found counts where something else is decided by it.
    private void Record(Operation operation, JobId? job, IReadOnlyList<HostReply> hosts)
    {
        if (job is { } id && operation.CanBeChecked)
            foreach (var host in hosts)
                answers[(id, host.Hostname)] = $"{host.Outcome} {host.ErrorType} {host.Error} {StatePrints.Canonical(host.Check)}";
    }

    // A local file is a part of the request that has its path only.
    private static string ContentOf(Operation operation, object request)
    {
        foreach (var property in operation.RequestInfo.Properties)
            if (property.PropertyType == typeof(LocalFile) && property.Get!(request) is LocalFile file)
                try
                {
                    using var content = file.Open();
                    return $" {Convert.ToHexStringLower(SHA256.HashData(content))}";
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    // The call itself fails.
                    return "";
                }

        return "";
    }
}
