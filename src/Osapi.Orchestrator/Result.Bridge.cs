using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations;
using Osapi.Orchestrator.Execution;

namespace Osapi.Orchestrator;

public sealed partial record Result
{
    /// <summary>
    /// Creates a result from a call to hosts: changed when any host changed, <see cref="Data"/> from the response body, and one
    /// result for each host. When <paramref name="map"/> leaves <see cref="HostResult.Data"/> null, it is set to the host's whole
    /// result.
    /// </summary>
    /// <param name="collection">The reply to the call.</param>
    /// <param name="map">Creates the result of a host; copies everything when null.</param>
    public static Result FromCollection<T>(JobReply<T> collection, Func<HostReply<T>, HostResult>? map = null)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(collection);
        HostResult[] hosts = [.. collection.Hosts.Select(host => Filled((map ?? Taken)(host), host))];
        return new()
        {
            JobId = collection.JobId,
            Changed = hosts.Any(host => host.Changed),
            Data = ParseObject(collection.RawJson),
            HostResults = hosts,
        };
    }

    /// <summary>Converts a result of a catalog operation to JSON; null for null.</summary>
    /// <exception cref="ArgumentException">The value is not such a result; <see cref="ToData{T}(T, JsonTypeInfo{T})"/> accepts any type.</exception>
    public static JsonObject? ToData(object? catalogResult) => catalogResult is null ? null : Members(catalogResult, InfoOf(catalogResult.GetType()));

    /// <summary>Converts a reply to JSON, <c>job_id</c> and <c>results</c>: the response body if it came over the network; null for null.</summary>
    /// <exception cref="ArgumentException">The reply did not come over the network, and <typeparamref name="T"/> is not a result type of the catalog.</exception>
    public static JsonObject? ToData<T>(JobReply<T>? collection)
        where T : notnull
    {
        if (collection is null)
            return null;
        return ParseObject(collection.RawJson) ?? new JsonObject
        {
            ["job_id"] = collection.JobId.ToString(),
            ["results"] = new JsonArray([.. collection.Hosts.Select(host => ToData(host))]),
        };
    }

    /// <summary>
    /// Converts a host's result to its wire format: the members of the result next to <c>hostname</c>, <c>outcome</c>, <c>changed</c>
    /// and <c>error</c>; null for null.
    /// </summary>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> is not a result type of the catalog.</exception>
    public static JsonObject? ToData<T>(HostReply<T>? host)
        where T : notnull => host is null ? null : Entry(host, InfoOf(typeof(T)));

    /// <summary>Converts a value to JSON; null for null, and for a value that has no members or cannot be serialized.</summary>
    public static JsonObject? ToData<T>(T? value, JsonTypeInfo<T> info)
    {
        ArgumentNullException.ThrowIfNull(info);
        return value is null ? null : Members(value, info);
    }

    private static HostResult Taken<T>(HostReply<T> host)
        where T : notnull => new()
        {
            Hostname = host.Hostname,
            Changed = host.Changed,
            Error = host.Error,
            Outcome = host.Outcome,
            ErrorType = host.ErrorType,
        };

    private static HostResult Filled<T>(HostResult mapped, HostReply<T> host)
        where T : notnull => mapped.Data is not null ? mapped : mapped with { Data = Entry(host, OperationCatalog.Default.ResultInfo(typeof(T))) };

    // For a type that is not in the catalog, only the members of the entry itself are written.
    private static JsonObject Entry<T>(HostReply<T> host, JsonTypeInfo? info)
        where T : notnull => HostAttempt.DataOf(new()
        {
            Hostname = host.Hostname,
            Outcome = host.Outcome,
            Changed = host.Changed,
            Error = host.Error,
            ErrorType = host.ErrorType,
            Check = host.Check,
            Result = host.Result is { } result && info is not null && Members(result, info) is { } members ? JsonElement.Parse(members.ToJsonString()) : null,
        });

    private static JsonTypeInfo InfoOf(Type type) => OperationCatalog.Default.ResultInfo(type) ?? throw new ArgumentException(
        $"{type} is not a result type of the catalog; use Result.ToData(value, JsonTypeInfo<T>) with the JsonTypeInfo from your own JsonSerializerContext");

    private static JsonObject? Members(object value, JsonTypeInfo info)
    {
        try
        {
            return JsonSerializer.SerializeToNode(value, info) as JsonObject;
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException)
        {
            // A value that has no JSON form has no members to show; this does not affect the task.
            return null;
        }
    }

    private static JsonObject? ParseObject(string? json)
    {
        try
        {
            return json is null ? null : JsonNode.Parse(json) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
