namespace Osapi.Operations.Http;

/// <summary>The answer of a web server that was as expected. Its content stays on the host.</summary>
public sealed record HttpCheckResult
{
    /// <summary>The status of the last answer, such as 200.</summary>
    public required int HttpStatus { get; init; }

    /// <summary>The time that it took, in milliseconds.</summary>
    public required long WaitedMs { get; init; }

    /// <summary>The number of attempts.</summary>
    public required int Attempts { get; init; }

    /// <summary>The address that answered, after redirects; null when it is the one of the request.</summary>
    public string? FinalAddress { get; init; }

    /// <summary>The type of the content, such as <c>text/html</c>; null when the server gave none.</summary>
    public string? ContentType { get; init; }

    /// <summary>The end of the server certificate's validity; null without TLS.</summary>
    public DateTimeOffset? CertificateExpiresAt { get; init; }
}
