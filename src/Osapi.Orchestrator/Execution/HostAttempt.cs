using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Client;
using Osapi.Operations;

namespace Osapi.Orchestrator.Execution;

/// <summary>What a host said last, and what is known about asking it again.</summary>
internal sealed record HostAttempt(HostReply Entry)
{
    /// <summary>The exception that carried the entry or kept a newer one from coming; null when it simply came.</summary>
    public OsapiException? Error { get; init; }

    /// <summary>The job that was sent to this host alone.</summary>
    public string? JobId { get; init; }

    /// <summary>The id of a call to this host that nobody answered.</summary>
    public Guid? PendingId { get; init; }

    /// <summary>True when the next attempt asks it.</summary>
    public bool Resend { get; set; }

    /// <summary>
    /// A host that may still be at work is never asked again, one that may have finished only if twice does no harm,
    /// and what a repetition does not cure only if the plan's own predicate wants it.
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

    /// <summary>The entry as it stands on the wire: the members of the result beside <c>hostname</c>, <c>outcome</c>, <c>changed</c> and <c>error</c>.</summary>
    public static JsonObject DataOf(HostReply entry)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
            entry.Write(writer);
        return JsonNode.Parse(buffer.ToArray())!.AsObject();
    }
}
