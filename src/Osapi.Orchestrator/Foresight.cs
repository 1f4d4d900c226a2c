using System.Collections.Concurrent;
using System.Text.Json;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Orchestrator;

/// <summary>
/// What would be different by the time a later task runs. Each check only sees what is there now: a file that an earlier
/// task would store is not in the store, a container that it would create does not exist. Such a refusal, and what was
/// found by looking at a file that will be another one by then, is turned into "only doing it can tell".
/// </summary>
internal sealed class Foresight
{
    // The name under which what the controller itself keeps stands among the hosts.
    private const string Controller = "";

    private readonly ConcurrentDictionary<string, bool> places = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, bool> stored = new();

    /// <summary>Remembers what a task would change.</summary>
    public void Remember(Operation operation, object request, OperationReply reply)
    {
        if (operation.Idempotency == Idempotency.ReadOnly || !operation.IsChange(reply))
            return;
        if (operation.RunsOn == RunsOn.Controller)
            places[Controller] = true;
        foreach (var entry in reply.Entries.Where(entry => entry.IsChange))
            places[entry.Hostname] = true;
        if (request is UploadFile upload)
            stored[upload.Name.Value] = true;
    }

    /// <summary>The same answer, with what hosts could not know.</summary>
    public OperationReply Revise(Operation operation, object request, OperationReply reply)
    {
        List<HostEntry> entries = [.. reply.Entries];
        var revised = entries.ConvertAll(entry => Revise(operation, request, entry));
        return revised.SequenceEqual(entries) ? reply : Reply(reply.JobId, revised);
    }

    /// <summary>The answer in place of a refusal that need not come once the earlier tasks have run; null when it would come all the same.</summary>
    public OperationReply? Excuse(Operation operation, object request, ApiException refusal)
    {
        if (refusal.Results.Count > 0)
        {
            var revised = refusal.Results.Select(entry => Revise(operation, request, entry)).ToList();
            return revised.SequenceEqual(refusal.Results) ? null : Reply(refusal.JobId ?? "", revised);
        }

        return operation.RunsOn == RunsOn.Controller && refusal is (NotFoundException or ConflictException) && places.ContainsKey(Controller)
            ? Reply(Unknown(operation, Perhaps(refusal.Message)))
            : null;
    }

    private HostEntry Revise(Operation operation, object request, HostEntry entry)
    {
        var refused = entry is { Outcome: Outcome.Failed, ErrorType: ErrorType.NotFound or ErrorType.Conflict };
        if (request is DeployFile deploy && stored.ContainsKey(deploy.ObjectName.Value) && (refused || entry.Outcome == Outcome.Ok))
            return Entry(entry, Unknown(operation, $"{deploy.ObjectName} would be stored first"));
        return refused && (places.ContainsKey(entry.Hostname) || places.ContainsKey(Controller))
            ? Entry(entry, Unknown(operation, Perhaps(entry.Error ?? "it was refused")))
            : entry;
    }

    private static CheckResult Unknown(Operation operation, string reason) => new() { Changed = operation.Idempotency == Idempotency.ReadOnly ? false : null, Reason = reason };

    private static string Perhaps(string error) => $"{error}, as long as the earlier tasks have not run";

    private static HostEntry Entry(HostEntry entry, CheckResult check) => new() { Hostname = entry.Hostname, Outcome = Outcome.Ok, Check = check };

    private static OperationReply Reply(CheckResult check) => Reply(writer =>
    {
        writer.WritePropertyName("check");
        check.Write(writer);
    });

    private static OperationReply Reply(string jobId, IReadOnlyList<HostEntry> entries) => Reply(writer =>
    {
        writer.WriteString("job_id", jobId);
        writer.WriteStartArray("results");
        foreach (var entry in entries)
            entry.Write(writer);
        writer.WriteEndArray();
    });

    private static OperationReply Reply(Action<Utf8JsonWriter> write)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return new(JsonElement.Parse(buffer.ToArray()));
    }
}
