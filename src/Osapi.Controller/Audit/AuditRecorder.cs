using Microsoft.AspNetCore.Http;
using Osapi.Operations;
using Osapi.Operations.Audit;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Audit;

/// <summary>Records what requests do; what acts has its first entry on the disk before it does anything.</summary>
internal sealed class AuditRecorder(AuditChain chain)
{
    /// <summary>Records that a job is about to be submitted.</summary>
    /// <exception cref="OperationException">It cannot be recorded; nothing may happen.</exception>
    public Task BeginAsync(HttpContext context, Operation operation, Target target, ReadOnlyMemory<byte> request, JobId job, RunId? run, bool check)
    {
        if (context.Features.Get<AuditedRequest>() is not { } audited)
            return Task.CompletedTask;
        audited.Note(operation, target, request, job, run, check);
        return BeginAsync(audited, operation, check);
    }

    /// <summary>Records that an operation of the controller is about to be executed.</summary>
    /// <exception cref="OperationException">It cannot be recorded; nothing may happen.</exception>
    public Task BeginAsync(HttpContext context, Operation operation, object request, bool check)
    {
        if (context.Features.Get<AuditedRequest>() is not { } audited)
            return Task.CompletedTask;
        audited.Note(operation, request, check);
        return BeginAsync(audited, operation, check);
    }

    /// <summary>Notes the replies of hosts, which the status of a response to several does not tell.</summary>
    public static void Note(HttpContext context, IReadOnlyList<HostReply> entries)
    {
        if (context.Features.Get<AuditedRequest>() is { } audited)
            audited.HasFailedHost = entries.Any(entry => entry.Outcome is Outcome.Failed or Outcome.Expired or Outcome.Cancelled or Outcome.Unknown);
    }

    private async Task BeginAsync(AuditedRequest audited, Operation operation, bool check)
    {
        if (!check && operation.Idempotency != Idempotency.ReadOnly)
            audited.First = (await chain.WriteDurableAsync(audited.Entry(AuditKind.Begin))).Number;
    }
}
