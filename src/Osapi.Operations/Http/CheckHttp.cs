using Osapi.Operations.Files;
using Osapi.Operations.Json;
using Osapi.Operations.Network;

namespace Osapi.Operations.Http;

/// <summary>Asks a web server from the host until it answers as expected. It is a failure with the last reason when that takes too long.</summary>
/// <remarks>
/// The name is looked up anew for each attempt, over a connection of its own. The content of the answer is compared on the host and not sent.
/// A check of the plan tries once, without waiting.
/// </remarks>
public sealed record CheckHttp : IValidatable
{
    private const int MaxStatuses = 20, MaxValues = 20;

    /// <summary>The address: http or https.</summary>
    public required WebAddress Address { get; init; }

    /// <summary>The method; default: get.</summary>
    public HttpCheckMethod? Method { get; init; }

    /// <summary>The statuses to accept, 100 to 599, at most 20; default: 200 to 299.</summary>
    public IReadOnlyList<int>? Statuses { get; init; }

    /// <summary>A regular expression that must match in the content, which may have 1 MiB; default: any content.</summary>
    public TextPattern? Contains { get; init; }

    /// <summary>Values that the content must have as JSON, at most 20: a JSON pointer such as <c>/status</c>, and the text of the value.</summary>
    [NoNul]
    public IReadOnlyDictionary<string, string>? JsonValues { get; init; }

    /// <summary>Headers of the requests, at most 20, such as <c>Authorization</c>. Their values are secret.</summary>
    [NoNul, Secret]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>False to take a redirect as the answer; default: true, at most 10, never from https to http.</summary>
    public bool? FollowRedirects { get; init; }

    /// <summary>False to accept any certificate of the server; default: true.</summary>
    public bool? ValidateCertificate { get; init; }

    /// <summary>The certificates of the authorities that may certify the server, in PEM, instead of those that the host trusts.</summary>
    [Length(1, 262_144), NoNul]
    public string? Ca { get; init; }

    /// <summary>The host to connect to instead of the one in the address, such as one of several servers of a name; default: the one in the address.</summary>
    public HostAddress? ConnectTo { get; init; }

    /// <summary>The seconds to wait at most, 1 to 3600; default: 300.</summary>
    [Range(1, 3600)]
    public int? Timeout { get; init; }

    /// <summary>The seconds between two attempts, 1 to 60; default: 1.</summary>
    [Range(1, 60)]
    public int? Interval { get; init; }

    /// <summary>The seconds that one attempt takes at most, 1 to 300; default: 30.</summary>
    [Range(1, 300)]
    public int? AttemptTimeout { get; init; }

    IEnumerable<Problem> IValidatable.Validate()
    {
        if (Statuses is { Count: 0 or > MaxStatuses })
            yield return new("statuses", $"must have 1 to {MaxStatuses} elements");
        else if (Statuses?.Any(status => status is < 100 or > 599) == true)
            yield return new("statuses", "must be from 100 to 599");
        if (Method == HttpCheckMethod.Head && (Contains is not null || JsonValues is not null))
            yield return new("method", "must be get for contains and json_values");
        if (JsonValues is { Count: 0 or > MaxValues })
            yield return new("json_values", $"must have 1 to {MaxValues} elements");
        foreach (var pointer in JsonValues?.Keys ?? [])
            if (pointer.Length > 0 && pointer[0] != '/')
                yield return new("json_values", $"must have JSON pointers as names, such as /status, and not '{pointer}'");
        if (ValidateCertificate == false && Ca is not null)
            yield return new("ca", "must not be given together with validate_certificate: false");
        foreach (var problem in HttpRules.Check(Headers, Ca))
            yield return problem;
    }
}

public static partial class HttpOperations
{
    /// <inheritdoc cref="CheckHttp"/>
    public static Operation<CheckHttp, HttpCheckResult> Check { get; } = new("http.check.do", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Post("/node/{hostname}/http/check"),
        Permission = Permissions.NetworkRead,
        Rights = "a connection to the server",
        Request = HttpJson.Requests.CheckHttp,
        Result = HttpJson.Results.HttpCheckResult,
        HasLargeRequest = true,
        // The answer of an attempt that began at the last moment.
        Timeout = static request => TimeSpan.FromSeconds((request.Timeout ?? 300) + 5),
        Example = static () => (
            new() { Address = "http://127.0.0.1:8080/health", JsonValues = new Dictionary<string, string> { ["/status"] = "up" }, Timeout = 60 },
            new() { HttpStatus = 200, WaitedMs = 1018, Attempts = 2, ContentType = "application/json" }),
    };
}

public sealed partial class WebClient
{
    /// <inheritdoc cref="CheckHttp"/>
    public Task<JobReply<HttpCheckResult>> CheckAsync(Target target, CheckHttp request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(HttpOperations.Check, request, target, options, cancellationToken);
}
