using System.Text.Json.Serialization.Metadata;
using Osapi.Operations.Json;
using Osapi.Operations.Runs;

namespace Osapi.Operations.Jobs;

/// <summary>
/// The body of <c>PUT /job/{id}</c>, without the member <c>request</c>: a call of any operation on hosts, under an id that the caller chose.
/// The caller needs the permission of that operation.
/// </summary>
internal sealed record SubmitJob : IValidatable
{
    /// <summary>The id of the operation, such as <c>file.deploy.execute</c>.</summary>
    [NoNul] public required string Operation { get; init; }

    /// <summary>The target: <c>_any</c>, <c>_all</c>, a host name, or a label <c>key:value</c>; null with <see cref="Hosts"/>.</summary>
    [NoNul] public string? Target { get; init; }

    /// <summary>The names of the hosts, which must all be registered; null with <see cref="Target"/>. One host is the same as that host as the target.</summary>
    [Length(1, 10_000)] public IReadOnlyList<string>? Hosts { get; init; }

    /// <summary>True for a check; default: false.</summary>
    public bool? Check { get; init; }

    /// <summary>The seconds within which each host must start, 1 to 3600; default: 10.</summary>
    [Range(1, 3600)] public double? StartWithin { get; init; }

    /// <summary>True to cancel the job when its caller disconnects before the response; default: false.</summary>
    public bool? CancelOnDisconnect { get; init; }

    /// <summary>The id of the run that makes the call; null outside a run.</summary>
    public RunId? Run { get; init; }

    /// <summary>The name of the run's task, 1 to 1000 characters; null outside a run.</summary>
    [Length(1, 1000), NoNul] public string? Task { get; init; }

    IEnumerable<Problem> IValidatable.Validate()
    {
        if (Target is null == Hosts is null)
            yield return new("", Target is null ? "target or hosts is required" : "target and hosts must not be given together");
    }
}

public static partial class JobOperations
{
    /// <summary>
    /// The route that calls any operation on hosts. It is not an operation because its permission, its request and its response are those of
    /// the operation that the body names.
    /// </summary>
    internal static HttpRoute SubmitRoute { get; } = HttpRoute.Put("/job/{id}");

    /// <summary>The JSON contract of a submission.</summary>
    internal static JsonTypeInfo<SubmitJob> SubmitInfo => JobsJson.Requests.SubmitJob;
}
