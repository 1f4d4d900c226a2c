using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Osapi.Controller.Agents;
using Osapi.Controller.Limits;
using Osapi.Controller.Problems;
using Osapi.Operations;
using Osapi.Operations.Agents;

namespace Osapi.Controller.Auth;

/// <summary>The middleware that refuses callers without the permission that an endpoint names as its policy, and callers whose token is limited to other operations.</summary>
internal sealed class PermissionCheck(RequestDelegate next, FailedLogins failures, OpenRequests open, AgentRegistry agents)
{
    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        var required = endpoint?.Metadata.GetOrderedMetadata<IAuthorizeData>() ?? [];
        if (required.Count > 0 && context.User.Identity is not { IsAuthenticated: true })
            return RequireTokenAsync(context);
        foreach (var requirement in required)
            if (requirement.Policy is { } permission && !Roles.Permit(context.User, permission))
                return ProblemBody.WriteAsync(context, 403, $"insufficient permissions: {permission} is required");
        if (required.Count == 0 || CallerIdentity.Of(context) is not { } caller)
            return next(context);
        if (endpoint!.Metadata.GetMetadata<Operation>() is { HasPermissionOfRequest: false } operation)
            RequireWithin(context, caller, operation);
        return open.ServeAsync(context, caller, next);
    }

    private void RequireWithin(HttpContext context, CallerIdentity caller, Operation operation)
    {
        TokenLimits.Require(context, operation);
        if (caller.Targets is not null && operation.Family == AgentOperations.Drain.Family && operation.Route.Method != HttpMethods.Get && context.GetRouteValue("name") is string name)
            TokenLimits.RequireHosts(caller.Targets, isAny: false, [(name, agents.Find(name)?.Labels ?? new Dictionary<string, string>())]);
    }

    private async Task RequireTokenAsync(HttpContext context)
    {
        var failure = context.Features.Get<TokenFailure>();
        if (failure is { IsUnavailable: true })
        {
            context.Response.Headers.RetryAfter = "30";
            await ProblemBody.WriteAsync(context, 503, $"the token cannot be checked: {failure.Reason}");
            return;
        }

        if (failure is not null)
            await failures.WaitAsync(Caller.AddressOf(context), context.RequestAborted);
        context.Response.Headers.WWWAuthenticate = failure is null or { IsCertificate: true } ? "Bearer" : "Bearer error=\"invalid_token\"";
        await ProblemBody.WriteAsync(context, 401, failure is null ? "bearer token required" : $"invalid {(failure.IsCertificate ? "client certificate" : "token")}: {failure.Reason}");
    }
}
