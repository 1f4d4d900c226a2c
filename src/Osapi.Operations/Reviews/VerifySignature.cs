using Osapi.Operations.Json;

namespace Osapi.Operations.Reviews;

/// <summary>Verifies the signature of a saved plan.</summary>
public sealed record VerifySignature
{
    /// <summary>The SHA-256 of the document, in lower-case hexadecimal digits.</summary>
    [Length(64, 64), NoNul] public required string Digest { get; init; }

    /// <summary>The fingerprint of the controllers' key, as the signature names it.</summary>
    [Length(1, 100), NoNul] public required string Controllers { get; init; }

    /// <summary>The subject that the signature names.</summary>
    [Length(0, 1000), NoNul] public required string Caller { get; init; }

    /// <summary>The time that the signature names.</summary>
    public required DateTimeOffset SignedAt { get; init; }

    /// <summary>The authentication code.</summary>
    [Length(64, 64), NoNul] public required string Code { get; init; }

    /// <summary>The SHA-256 of the present secrets; default: there are none.</summary>
    [Length(64, 64), NoNul] public string? Secrets { get; init; }

    /// <summary>The authentication code over the secrets; default: there are none.</summary>
    [Length(64, 64), NoNul] public string? SecretsCode { get; init; }
}

/// <summary>The verdict about a signature.</summary>
public sealed record SignatureVerdict
{
    /// <summary>The reason that the signature is not valid; null when it is.</summary>
    public string? Problem { get; init; }
}

public static partial class ReviewOperations
{
    /// <inheritdoc cref="VerifySignature"/>
    public static ControllerOperation<VerifySignature, SignatureVerdict> VerifySignature { get; } = new("review.signature.verify", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Post("/review/verify"),
        Permission = Permissions.ReviewWrite,
        Request = ReviewsJson.Requests.VerifySignature,
        Result = ReviewsJson.Results.SignatureVerdict,
        Example = static () => (
            new()
            {
                Digest = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
                Controllers = "SHA256:pG0lX1dZr8w6hYt5Qb3oNfJc7sVaEkU2mT9yRzHiB4A",
                Caller = "ann",
                SignedAt = new(2026, 11, 30, 17, 0, 0, TimeSpan.Zero),
                Code = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            },
            new()),
    };
}

public sealed partial class ReviewClient
{
    /// <inheritdoc cref="VerifySignature"/>
    public Task<SignatureVerdict> VerifySignatureAsync(VerifySignature request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(ReviewOperations.VerifySignature, request, options, cancellationToken);
}
