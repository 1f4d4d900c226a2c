using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using Osapi.Controller.Limits;
using Osapi.Controller.Problems;
using Osapi.Operations;

namespace Osapi.Controller.Auth;

/// <summary>Configures bearer tokens, and one policy for each permission.</summary>
internal static class ControllerAuth
{
    public static void AddControllerAuth(this IServiceCollection services, Tokens tokens)
    {
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            options.TokenValidationParameters = tokens.Validation;
            options.Events = new() { OnChallenge = ChallengeAsync, OnForbidden = ForbidAsync };
        });
        // AddAuthentication adds a service that writes cookie keys to the home directory; there are no cookies here.
        foreach (var service in services.Where(service => service.ImplementationType?.Name == "DataProtectionHostedService").ToList())
            services.Remove(service);
        var authorization = services.AddAuthorizationBuilder();
        foreach (var permission in Permissions.All)
            authorization.AddPolicy(permission, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => Roles.Permit(context.User, permission)));
    }

    private static async Task ChallengeAsync(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        if (context.AuthenticateFailure is not null)
            await context.HttpContext.RequestServices.GetRequiredService<FailedLogins>().WaitAsync(Caller.AddressOf(context.HttpContext), context.HttpContext.RequestAborted);
        context.Response.Headers.WWWAuthenticate = context.AuthenticateFailure is null ? "Bearer" : "Bearer error=\"invalid_token\"";
        await ProblemBody.WriteAsync(context.HttpContext, 401, context.AuthenticateFailure is { } failure ? $"invalid token: {Reason(failure)}" : "bearer token required");
    }

    private static Task ForbidAsync(ForbiddenContext context)
    {
        var required = context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy;
        return ProblemBody.WriteAsync(context.HttpContext, 403, $"insufficient permissions: {required} is required");
    }

    // The library's own messages mention its settings and may contain parts of the token.
    private static string Reason(Exception failure) => failure switch
    {
        SecurityTokenExpiredException or SecurityTokenInvalidLifetimeException or SecurityTokenNoExpirationException or SecurityTokenNotYetValidException => "it has expired or is not valid yet",
        SecurityTokenInvalidIssuerException => $"its issuer is not {Tokens.Issuer}",
        SecurityTokenInvalidAudienceException => $"its audience is not {Tokens.Audience}",
        SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException or SecurityTokenInvalidAlgorithmException => "it was not signed with this controller's key",
        _ => "it is malformed",
    };
}
