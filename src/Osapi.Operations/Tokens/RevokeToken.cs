using Osapi.Operations.Json;

namespace Osapi.Operations.Tokens;

/// <summary>Revokes a token, or the tokens of a subject up to now: every controller refuses them and ends their open streams.</summary>
public sealed record RevokeToken : IValidatable
{
    /// <summary>The id of the token; default: none, when a subject is given.</summary>
    [Positional] public TokenId? Id { get; init; }

    /// <summary>The subject whose tokens are revoked; tokens that are issued later are valid. Default: none, when an id is given.</summary>
    [Length(1, 256), NoNul] public string? Subject { get; init; }

    /// <summary>The reason, which the list shows; default: none.</summary>
    [Length(0, 200), NoNul] public string? Reason { get; init; }

    IEnumerable<Problem> IValidatable.Validate()
    {
        // That one of them is required is checked by the controller: each member alone may be omitted.
        if (Id is not null && Subject is not null)
            yield return new("id", "and subject cannot be given together");
    }
}

public static partial class TokenOperations
{
    /// <inheritdoc cref="RevokeToken"/>
    public static ControllerOperation<RevokeToken, RevocationChange> Revoke { get; } = new("token.revoke", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/token/revoke"),
        SuccessStatus = 200,
        Permission = Permissions.TokenWrite,
        Request = TokensJson.Requests.RevokeToken,
        Result = TokensJson.Results.RevocationChange,
        Changed = static result => result.Changed,
        Example = static () => (
            new() { Id = "9b2f6a52-6a36-4f7d-a8b1-0f1c8a3f5d10", Reason = "laptop lost" },
            new("token 9b2f6a52-6a36-4f7d-a8b1-0f1c8a3f5d10 is revoked", TokenExamples.Revocation, Changed: true)),
    };
}

public sealed partial class TokenClient
{
    /// <inheritdoc cref="RevokeToken"/>
    public Task<RevocationChange> RevokeAsync(RevokeToken request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(TokenOperations.Revoke, request, options, cancellationToken);
}
