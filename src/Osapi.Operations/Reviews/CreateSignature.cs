using Osapi.Operations.Json;

namespace Osapi.Operations.Reviews;

/// <summary>Signs the digest of a saved plan for the caller. It changes nothing: controllers keep no signatures.</summary>
public sealed record CreateSignature
{
    /// <summary>The SHA-256 of the document, in lower-case hexadecimal digits.</summary>
    [Length(64, 64), NoNul] public required string Digest { get; init; }

    /// <summary>The SHA-256 of the secrets that belong to the document, in lower-case hexadecimal digits; default: it has none. The signature binds them without containing them.</summary>
    [Length(64, 64), NoNul] public string? Secrets { get; init; }
}

/// <summary>The signature of a saved plan.</summary>
/// <param name="Controllers">The fingerprint of the controllers' key.</param>
/// <param name="Caller">The subject that asked for the signature.</param>
/// <param name="SignedAt">The time, by the controller's clock.</param>
/// <param name="Code">The authentication code, in hexadecimal digits.</param>
public sealed record PlanSignature(string Controllers, string Caller, DateTimeOffset SignedAt, string Code)
{
    /// <summary>The authentication code over the secrets; null when there are none.</summary>
    public string? SecretsCode { get; init; }
}

public static partial class ReviewOperations
{
    /// <inheritdoc cref="CreateSignature"/>
    public static ControllerOperation<CreateSignature, PlanSignature> CreateSignature { get; } = new("review.signature.create", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Post("/review"),
        Permission = Permissions.ReviewWrite,
        Request = ReviewsJson.Requests.CreateSignature,
        Result = ReviewsJson.Results.PlanSignature,
        Example = static () => (
            new() { Digest = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae" },
            new("SHA256:pG0lX1dZr8w6hYt5Qb3oNfJc7sVaEkU2mT9yRzHiB4A", "ann", new(2026, 11, 30, 17, 0, 0, TimeSpan.Zero), "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")),
    };
}

public sealed partial class ReviewClient
{
    /// <inheritdoc cref="CreateSignature"/>
    public Task<PlanSignature> CreateSignatureAsync(CreateSignature request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(ReviewOperations.CreateSignature, request, options, cancellationToken);
}
