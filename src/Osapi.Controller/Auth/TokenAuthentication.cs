using Microsoft.AspNetCore.Http;

namespace Osapi.Controller.Auth;

/// <summary>The middleware that finds the caller of a request, by its bearer token or by the client certificate of its connection.</summary>
internal sealed class TokenAuthentication(RequestDelegate next, TokenValidator validator, ValidatedTokens validated, ClientCertificates certificates, RevocationRegistry revocations)
{
    private const string Scheme = "Bearer ";

    public Task InvokeAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || header.AsSpan(Scheme.Length).Trim() is not { IsEmpty: false } token)
            return NextAsync(context, () => certificates.Find(context));
        if (validated.Find(token) is not { } known)
            return ValidateAsync(context, token.ToString());
        if (IsRevoked((CallerIdentity)known.Identity!))
            context.Features.Set(new TokenFailure(TokenFailure.Revoked));
        else
            context.User = known;
        return next(context);
    }

    private async Task ValidateAsync(HttpContext context, string token)
    {
        var keys = validator.Keys;
        try
        {
            var caller = await validator.ValidateAsync(token, context.RequestAborted);
            // With keys that were fetched for this token, it is validated once more at its next use.
            var principal = validated.Add(token, caller, keys);
            if (IsRevoked(caller))
                throw new TokenException(TokenFailure.Revoked);
            context.User = principal;
        }
        catch (TokenException exception)
        {
            context.Features.Set(new TokenFailure(exception.Message, exception.IsUnavailable));
        }

        await next(context);
    }

    private Task NextAsync(HttpContext context, Func<CallerIdentity?> find)
    {
        try
        {
            if (find() is { } caller)
                context.User = !IsRevoked(caller) ? new(caller) : throw new TokenException(TokenFailure.Revoked);
        }
        catch (TokenException exception)
        {
            context.Features.Set(new TokenFailure(exception.Message) { IsCertificate = true });
        }

        return next(context);
    }

    private bool IsRevoked(CallerIdentity caller) => revocations.IsRevoked(caller.TokenId, caller.Subject, caller.IssuedAt);
}
