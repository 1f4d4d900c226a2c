using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Osapi.Controller.Operations;
using Osapi.Operations;
using Osapi.Operations.Tokens;

namespace Osapi.Controller.Auth;

/// <summary>The handlers of the token operations.</summary>
internal sealed class TokenHandlers(RevocationRegistry revocations)
{
    public async Task<RevocationChange> RevokeAsync(RevokeToken request, HttpContext context)
    {
        var (revocation, changed) = await revocations.RevokeAsync(request, context.User.FindFirst("sub")?.Value, context.RequestAborted);
        var what = revocation.Subject is { } subject ? $"every token of {subject} that was issued up to now is" : $"token {revocation.Id} is";
        return new($"{what} {(changed ? "revoked" : "revoked already")}", revocation, changed);
    }

    public Task<CheckResult> CheckRevokeAsync(RevokeToken request, HttpContext context)
    {
        var (revocation, changed) = revocations.Predict(request, context.User.FindFirst("sub")?.Value);
        return Task.FromResult(changed ? new CheckResult { Changed = true, After = CheckMembers.Of(new JsonObject { ["id"] = revocation.Id }) } : new() { Changed = false });
    }

    public Task<RevokedTokens> ListAsync(ListRevokedTokens request, HttpContext context)
    {
        var all = revocations.All;
        return Task.FromResult(new RevokedTokens(all, all.Count));
    }
}
