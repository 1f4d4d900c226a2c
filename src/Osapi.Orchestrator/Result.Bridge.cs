using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations;
using Osapi.Orchestrator.Execution;

namespace Osapi.Orchestrator;

public sealed partial record Result
{
    /// <summary>
    /// The result of a call to hosts: changed when any host changed, <see cref="Data"/> from the answer as it came,
    /// and one entry for each host. An entry's <see cref="HostResult.Data"/> that <paramref name="map"/> leaves null
    /// is filled with the host's whole entry.
    /// </summary>
    /// <param name="collection">What the call answered.</param>
    /// <param name="map">Makes a host's entry; takes over everything when not given.</param>
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

    /// <summary>Gets the members of a result that an operation of the catalog answers; null for null.</summary>
    /// <exception cref="ArgumentException">The value is no such result: <see cref="ToData{T}(T, JsonTypeInfo{T})"/> takes any type.</exception>
    public static JsonObject? ToData(object? catalogResult) => catalogResult is null ? null : Members(catalogResult, InfoOf(catalogResult.GetType()));

    /// <summary>Gets the members of an answer, <c>job_id</c> and <c>results</c>, as it came if it came over the wire; null for null.</summary>
    /// <exception cref="ArgumentException">It did not come over the wire, and <typeparamref name="T"/> is no result of the catalog.</exception>
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

    /// <summary>Gets the members of a host's entry as it stands on the wire: those of the result beside <c>hostname</c>, <c>outcome</c>, <c>changed</c> and <c>error</c>; null for null.</summary>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> is no result of the catalog.</exception>
    public static JsonObject? ToData<T>(HostReply<T>? host)
        where T : notnull => host is null ? null : Entry(host, InfoOf(typeof(T)));

    /// <summary>The members of a value; null for null, and for a value that has no members or cannot be written.</summary>
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

    // Of a type that the catalog does not know there is the entry without the members of its result.
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
        $"{type} is no result of an operation of the catalog; use Result.ToData(value, JsonTypeInfo<T>), with the JsonTypeInfo that a JsonSerializerContext of yours has for the type");

    private static JsonObject? Members(object value, JsonTypeInfo info)
    {
        try
        {
            return JsonSerializer.SerializeToNode(value, info) as JsonObject;
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException)
        {
            // A value that has no JSON form has no members to show; the task itself is not harmed by that.
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
