using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Osapi.Controller.Limits;
using Osapi.Operations;
using Osapi.Operations.Tokens;
using Osapi.Transport;

namespace Osapi.Controller.Auth;

/// <summary>The requests of authenticated callers that are being answered. Those of revoked tokens are aborted at once, and streams of tokens that have expired within a second.</summary>
internal sealed class OpenRequests : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<HttpContext, CallerIdentity> open = new();
    private readonly RevocationRegistry revocations;
    private readonly TokenValidator validator;
    private readonly TimeProvider time;

    public OpenRequests(RevocationRegistry revocations, RevokedTokenSet revoked, TokenValidator validator, TimeProvider time)
    {
        (this.revocations, this.validator, this.time) = (revocations, validator, time);
        revoked.Added += AbortRevoked;
    }

    /// <summary>Adds a request until it is answered.</summary>
    public async Task ServeAsync(HttpContext context, CallerIdentity caller, RequestDelegate next)
    {
        open[context] = caller;
        try
        {
            // The token may have been revoked between its check and this moment.
            if (IsRevoked(caller))
                context.Abort();
            await next(context);
        }
        finally
        {
            open.TryRemove(context, out _);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => PeriodicLoop.RunAsync(
        Interval,
        time,
        _ =>
        {
            foreach (var (context, caller) in open)
                if (!validator.IsValidNow(caller) && context.GetEndpoint()?.Metadata.GetMetadata<EventStreamQuota>() is not null)
                    context.Abort();
            return Task.CompletedTask;
        },
        stoppingToken);

    private void AbortRevoked()
    {
        // A caller may revoke its own token, and learns that it has.
        foreach (var (context, caller) in open)
            if (IsRevoked(caller) && context.GetEndpoint()?.Metadata.GetMetadata<Operation>() != TokenOperations.Revoke)
                context.Abort();
    }

    private bool IsRevoked(CallerIdentity caller) => revocations.IsRevoked(caller.TokenId, caller.Subject, caller.IssuedAt);
}
