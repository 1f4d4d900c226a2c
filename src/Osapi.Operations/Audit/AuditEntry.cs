using Osapi.Operations.Runs;

namespace Osapi.Operations.Audit;

/// <summary>An entry of the audit log. It has names, never the content of a request, a result or a token.</summary>
public sealed record AuditEntry
{
    /// <summary>The id.</summary>
    public AuditId? Id { get; init; }

    /// <summary>The controller that wrote it: the name of its chain, 12 hexadecimal digits.</summary>
    public string? Controller { get; init; }

    /// <summary>The number in the controller's chain, from 1 without gaps.</summary>
    public long? Number { get; init; }

    /// <summary>The time of the request, by the controller's clock.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The kind.</summary>
    public required AuditKind Kind { get; init; }

    /// <summary>The caller: the subject of the token.</summary>
    public string? User { get; init; }

    /// <summary>The roles of the token.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>The id of the token (<c>jti</c>).</summary>
    public string? TokenId { get; init; }

    /// <summary>The source address of the connection; <c>the Unix socket</c> for a local one.</summary>
    public string? SourceIp { get; init; }

    /// <summary>The HTTP method.</summary>
    public string? Method { get; init; }

    /// <summary>The path without the query, cut after 1,000 characters.</summary>
    public string? Path { get; init; }

    /// <summary>The operation; null where the path belongs to none.</summary>
    public string? OperationId { get; init; }

    /// <summary>The target of an operation on hosts, as the caller wrote it; a list of hosts is cut after 1,000 characters.</summary>
    public string? Target { get; init; }

    /// <summary>The names of the members of the request that the caller gave; never their values.</summary>
    public IReadOnlyList<string>? Members { get; init; }

    /// <summary>The run that the request belongs to.</summary>
    public RunId? Run { get; init; }

    /// <summary>The job that the request became, or is about.</summary>
    public JobId? Job { get; init; }

    /// <summary>True for a check, which changes nothing.</summary>
    public bool? Check { get; init; }

    /// <summary>The HTTP status of the response; null in a first entry.</summary>
    public int? ResponseCode { get; init; }

    /// <summary>The outcome.</summary>
    public AuditOutcome? Outcome { get; init; }

    /// <summary>The time from the request to the end of the response, in milliseconds.</summary>
    public long? DurationMs { get; init; }

    /// <summary>In a second entry: the number of the first.</summary>
    public long? First { get; init; }

    /// <summary>The number of refusals or lost entries that the entry stands for.</summary>
    public long? Count { get; init; }

    /// <summary>The head of a chain that the entry vouches for.</summary>
    public AuditHead? Head { get; init; }

    /// <summary>More about an entry that the controller wrote about its chain.</summary>
    public string? Detail { get; init; }
}

/// <summary>The last entry of a chain at some moment.</summary>
/// <param name="Controller">The chain.</param>
/// <param name="Number">The number of the entry.</param>
/// <param name="Hash">The SHA-256 of its line, in base64url.</param>
public sealed record AuditHead(string Controller, long Number, string Hash);
