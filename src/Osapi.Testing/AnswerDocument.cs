using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Osapi.Client;
using Osapi.Operations;

namespace Osapi.Testing;

/// <summary>Writes answers as a controller does; like a host, it determines what is a change and what a check reports.</summary>
internal static class AnswerDocument
{
    /// <summary>Writes the answer of hosts; for one failed host, throws the same exception as over HTTP.</summary>
    public static JsonElement OfHosts(ScriptedCall call, string jobId, IEnumerable<string> hosts, Func<string, object> result) =>
        OfEntries(call, jobId, hosts.Select(hostname => EntryOf(call, hostname, result)));

    public static JsonElement OfEntries(ScriptedCall call, string jobId, IEnumerable<HostReply> replies)
    {
        List<HostReply> entries = [.. replies];
        if (call.Target!.IsBroadcast || entries is not [{ Result: null, Outcome: Outcome.Failed or Outcome.Cancelled or Outcome.Expired or Outcome.Unknown } failed])
            return Write(call, jobId, entries, error: null);
        var error = failed.Error ?? "it failed";
        throw ErrorResponse.ToException(StatusOf(failed.ErrorType), Encoding.UTF8.GetBytes(Write(call, jobId, entries, error).GetRawText()));
    }

    public static JsonElement OfController(ScriptedCall call, object result)
    {
        var document = JsonSerializer.SerializeToElement(result, call.Operation.ResultInfo);
        return call.Options.Check && call.Operation.CanBeChecked
            ? Write(new CheckResult { Changed = call.Operation.IsChange(new(document)) })
            : document;
    }

    public static HostReply EntryOf<T>(HostReply<T> entry, JsonTypeInfo<T> info)
        where T : notnull => new()
        {
            Hostname = entry.Hostname,
            Outcome = entry.Outcome,
            Changed = entry.Changed,
            Error = entry.Error,
            ErrorType = entry.ErrorType,
            Check = entry.Check,
            Reachable = entry.Reachable,
            Result = entry.Result is { } result ? JsonSerializer.SerializeToElement(result, info) : null,
        };

    private static HostReply EntryOf(ScriptedCall call, string hostname, Func<string, object> answer)
    {
        var (operation, isCheck) = (call.Operation, call.Options.Check);
        try
        {
            var result = JsonSerializer.SerializeToElement(answer(hostname), operation.ResultInfo);
            var changed = operation.Idempotency switch
            {
                Idempotency.ReadOnly => false,
                Idempotency.NonIdempotent => true,
                _ => result.TryGetProperty("changed", out var member) && member.ValueKind == JsonValueKind.True,
            };
            HostReply entry = new() { Hostname = hostname, Outcome = Outcome.Ok };
            return (isCheck, operation.Idempotency) switch
            {
                (false, _) => entry with { Result = result, Changed = changed },
                (true, Idempotency.ReadOnly) => entry with { Result = result, Check = new() { Changed = false } },
                // The effect of a non-idempotent operation cannot be predicted.
                (true, var idempotency) => entry with { Check = new() { Changed = idempotency == Idempotency.NonIdempotent ? null : changed } },
            };
        }
        catch (OperationException exception)
        {
            return new()
            {
                Hostname = hostname,
                Outcome = exception.Type == ErrorType.Unknown ? Outcome.Unknown : Outcome.Failed,
                Error = exception.Message,
                ErrorType = exception.Type,
                Changed = !isCheck && operation.Idempotency == Idempotency.NonIdempotent
                    && exception.Type is not (ErrorType.Invalid or ErrorType.NotFound or ErrorType.Conflict or ErrorType.Unavailable or ErrorType.Unsupported or ErrorType.Denied),
            };
        }
    }

    private static JsonElement Write(ScriptedCall call, string jobId, IEnumerable<HostReply> entries, string? error)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            writer.WriteStartObject();
            if (error is not null)
                writer.WriteString("error", error);
            writer.WriteString("job_id", jobId);
            writer.WriteStartArray("results");
            foreach (var entry in entries)
                entry.Write(writer, withStatus: !call.Operation.ResultHasStatus);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return JsonElement.Parse(bytes.WrittenSpan);
    }

    private static JsonElement Write(CheckResult check)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("check");
            check.Write(writer);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(bytes.WrittenSpan);
    }

    private static int StatusOf(ErrorType? type) => type switch
    {
        ErrorType.Invalid => 400,
        ErrorType.Denied => 403,
        ErrorType.NotFound => 404,
        ErrorType.Conflict => 409,
        ErrorType.Unavailable => 503,
        ErrorType.Expired => 504,
        _ => 500,
    };
}
