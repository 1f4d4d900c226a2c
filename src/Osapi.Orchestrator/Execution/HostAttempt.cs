using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Orchestrator.Execution;

/// <summary>The last reply of a host.</summary>
internal sealed record HostAttempt(HostReply Reply)
{
    /// <summary>The exception that contained the reply or prevented a newer one; null otherwise.</summary>
    public OsapiException? Error { get; init; }

    /// <summary>The id of the job.</summary>
    public JobId? JobId { get; init; }

    /// <summary>True when the controller did not send the operation to the host, because the host is drained.</summary>
    public bool IsRefusal => Reply is { Outcome: Outcome.Skipped, ErrorType: ErrorType.Unavailable };

    /// <summary>Returns this reply after an earlier one of the host: what had changed by then still counts.</summary>
    public HostAttempt After(HostAttempt? earlier) =>
        earlier is { Reply.Changed: true } && !Reply.Changed ? this with { Reply = Reply with { Changed = true } } : this;

    /// <summary>Returns the reply with the error of a later call that the host did not get or did not answer.</summary>
    public HostAttempt With(OsapiException error, JobId? jobId) => this with { Reply = Reply with { Error = error.Message }, Error = error, JobId = jobId ?? JobId };

    /// <summary>
    /// Determines whether the host may be called again: never while the operation may still run there; after an unknown outcome only
    /// when the operation is not harmful to repeat; and after an error that a retry does not fix only when the plan's own predicate
    /// wants it.
    /// </summary>
    public bool CanBeSentAgain(Idempotency idempotency, RetryStrategy strategy)
    {
        var mayRunAgain = Reply.Outcome switch
        {
            Outcome.Failed or Outcome.Expired => true,
            Outcome.Unknown => idempotency != Idempotency.NonIdempotent,
            _ => false,
        };
        var mayHelp = strategy.Predicate is not null
            || (Reply.ErrorType is not (ErrorType.Invalid or ErrorType.NotFound) && (Error is null || strategy.Accepts(Error)));
        return mayRunAgain && mayHelp;
    }

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
