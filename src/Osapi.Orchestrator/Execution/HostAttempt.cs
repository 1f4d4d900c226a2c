using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Orchestrator.Execution;

/// <summary>The last result of a host, and the state of its retries.</summary>
internal sealed record HostAttempt(HostReply Entry)
{
    /// <summary>The exception that contained the result or prevented a newer one; null otherwise.</summary>
    public OsapiException? Error { get; init; }

    /// <summary>The id of the job that was sent to this host alone.</summary>
    public JobId? JobId { get; init; }

    /// <summary>The id of a call to this host that got no response.</summary>
    public JobId? PendingId { get; init; }

    /// <summary>True when the next attempt calls this host.</summary>
    public bool Resend { get; set; }

    /// <summary>
    /// Determines whether the host may be called again: never while the operation may still run there; after an unknown outcome only
    /// when the operation is not harmful to repeat; and after an error that a retry does not fix only when the plan's own predicate
    /// wants it.
    /// </summary>
    public bool CanBeSentAgain(Idempotency idempotency, RetryStrategy strategy)
    {
        var mayRunAgain = Entry.Outcome switch
        {
            Outcome.Failed or Outcome.Expired => true,
            Outcome.Unknown => idempotency != Idempotency.NonIdempotent,
            _ => false,
        };
        var mayHelp = strategy.Predicate is not null
            || (Entry.ErrorType is not (ErrorType.Invalid or ErrorType.NotFound) && (Error is null || strategy.Accepts(Error)));
        return mayRunAgain && mayHelp;
    }

    public HostResult ToHostResult() => new()
    {
        Hostname = Entry.Hostname,
        Changed = Entry.IsChange,
        Check = Entry.Check,
        Error = Entry.Error,
        Outcome = Entry.Outcome,
        ErrorType = Entry.ErrorType,
        JobId = JobId,
        Data = DataOf(Entry),
    };

    // The flat wire format. A received object is used without serializing it; only a reply that was created here is serialized.
    public static JsonObject DataOf(HostReply reply)
    {
        JsonObject data = new() { ["hostname"] = reply.Hostname, ["outcome"] = SnakeCaseName.Of(reply.Outcome), ["changed"] = reply.Changed };
        if (reply.Error is not null)
            data["error"] = reply.Error;
        if (reply.ErrorType is { } type)
            data["error_type"] = SnakeCaseName.Of(type);
        if (reply.Check is { } check)
            data["check"] = check.ToJson();
        if (reply.Result is { ValueKind: JsonValueKind.Object } result)
            foreach (var member in result.EnumerateObject().Where(member => reply.IsOfResult(member.Name)))
                data[member.Name] = JsonConventions.ToNode(member.Value);
        return data;
    }
}
