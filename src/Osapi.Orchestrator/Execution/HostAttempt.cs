using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Client;
using Osapi.Operations;

namespace Osapi.Orchestrator.Execution;

/// <summary>The last result of a host, and the state of its retries.</summary>
internal sealed record HostAttempt(HostReply Entry)
{
    /// <summary>The exception that contained the result or prevented a newer one; null otherwise.</summary>
    public OsapiException? Error { get; init; }

    /// <summary>The id of the job that was sent to this host alone.</summary>
    public string? JobId { get; init; }

    /// <summary>The id of a call to this host that got no response.</summary>
    public Guid? PendingId { get; init; }

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

    /// <summary>
    /// Returns the host's result in its wire format: the members of the result next to <c>hostname</c>, <c>outcome</c>,
    /// <c>changed</c> and <c>error</c>.
    /// </summary>
    public static JsonObject DataOf(HostReply entry)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
            entry.Write(writer);
        return JsonNode.Parse(buffer.ToArray())!.AsObject();
    }
}
