using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Osapi.Controller.Limits;
using Osapi.Controller.Problems;

namespace Osapi.Controller.Auth;

/// <summary>The middleware that refuses callers without the permission that an endpoint names as its policy.</summary>
internal sealed class PermissionCheck(RequestDelegate next, FailedLogins failures)
{
    public Task InvokeAsync(HttpContext context)
    {
        var required = context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>() ?? [];
        if (required.Count > 0 && context.User.Identity is not { IsAuthenticated: true })
            return RequireTokenAsync(context);
        foreach (var requirement in required)
            if (requirement.Policy is { } permission && !Roles.Permit(context.User, permission))
                return ProblemBody.WriteAsync(context, 403, $"insufficient permissions: {permission} is required");
        return next(context);
    }

    private async Task RequireTokenAsync(HttpContext context)
    {
        var failure = context.Features.Get<TokenFailure>();
        if (failure is not null)
            await failures.WaitAsync(Caller.AddressOf(context), context.RequestAborted);
        context.Response.Headers.WWWAuthenticate = failure is null ? "Bearer" : "Bearer error=\"invalid_token\"";
        await ProblemBody.WriteAsync(context, 401, failure is null ? "bearer token required" : $"invalid token: {failure.Reason}");
    }
}
