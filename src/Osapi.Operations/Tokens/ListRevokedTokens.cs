namespace Osapi.Operations.Tokens;

/// <summary>Lists what is revoked. Valid tokens are not listed: controllers keep none.</summary>
public sealed record ListRevokedTokens;

public static partial class TokenOperations
{
    /// <inheritdoc cref="ListRevokedTokens"/>
    public static ControllerOperation<ListRevokedTokens, RevokedTokens> List { get; } = new("token.list", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/token/revoked"),
        Permission = Permissions.TokenRead,
        Request = TokensJson.Requests.ListRevokedTokens,
        Result = TokensJson.Results.RevokedTokens,
        Example = static () => (new(), new([TokenExamples.Revocation], 1)),
    };
}

public sealed partial class TokenClient
{
    /// <inheritdoc cref="ListRevokedTokens"/>
    public Task<RevokedTokens> ListAsync(CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(TokenOperations.List, new(), options, cancellationToken);
}
