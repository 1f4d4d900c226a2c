using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Jobs;

/// <summary>The response of one host.</summary>
public sealed record JobResponse
{
    /// <summary>The name of the host.</summary>
    public required string Hostname { get; init; }

    /// <summary>The status: <c>completed</c> when the host succeeded or was skipped, <c>processing</c> while it runs, otherwise <c>failed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The outcome on this host.</summary>
    public Outcome Outcome { get; init; }

    /// <summary>True when the host changed.</summary>
    public bool Changed { get; init; }

    /// <summary>The error; null when the host succeeded.</summary>
    public string? Error { get; init; }

    /// <summary>The kind of the error; null without one.</summary>
    public ErrorType? ErrorType { get; init; }

    /// <summary>The predicted change when the job is a check; otherwise null.</summary>
    public CheckResult? Check { get; init; }

    /// <inheritdoc cref="HostReply{T}.Reachable"/>
    public bool? Reachable { get; init; }

    /// <summary>The result; null when there is none.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public JsonElement? Data { get; init; }

    /// <summary>Converts the response to a host reply.</summary>
    public HostReply ToHostReply() => new()
    {
        Hostname = Hostname,
        Outcome = Outcome,
        Changed = Changed,
        Error = Error,
        ErrorType = ErrorType,
        Check = Check,
        Reachable = Reachable,
        Result = Entry(),
    };

    // As in a response, in which the members of the result and of its host are together.
    private JsonElement? Entry()
    {
        if (Data is not { ValueKind: JsonValueKind.Object } data || data.TryGetProperty("changed", out _))
            return Data;
        var entry = JsonObject.Create(data)!;
        entry["changed"] = Changed;
        return JsonElement.Parse(entry.ToJsonString());
    }
}
