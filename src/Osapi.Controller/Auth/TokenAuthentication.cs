using Microsoft.AspNetCore.Http;

namespace Osapi.Controller.Auth;

/// <summary>The middleware that finds the caller of a request by its bearer token.</summary>
internal sealed class TokenAuthentication(RequestDelegate next, Tokens tokens, ValidatedTokens validated)
{
    private const string Scheme = "Bearer ";

    public Task InvokeAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || header.AsSpan(Scheme.Length).Trim() is not { IsEmpty: false } token)
            return next(context);
        if (validated.Find(token) is not { } known)
            return ValidateAsync(context, token.ToString());
        context.User = known;
        return next(context);
    }

    private async Task ValidateAsync(HttpContext context, string token)
    {
        var result = await tokens.ValidateAsync(token);
        if (result.IsValid)
        {
            context.User = new(result.ClaimsIdentity);
            validated.Add(token, context.User, result.SecurityToken.ValidFrom, result.SecurityToken.ValidTo);
        }
        else
        {
            context.Features.Set(new TokenFailure(result.Exception));
        }

        await next(context);
    }
}
