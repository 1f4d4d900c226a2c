using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Operations;
using Osapi.Operations.Tokens;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Auth;

/// <summary>The revoked tokens of the system: in the store, which tells every controller at once, and on each controller's disk.</summary>
/// <remarks>A revocation that a store has lost, or shows removed before its time, is written again by each controller that knows it.</remarks>
internal sealed partial class RevocationRegistry(ITransport transport, RevokedTokenSet revoked, TimeProvider time, ILogger<RevocationRegistry> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromHours(1);

    /// <summary>The revocations, the newest first.</summary>
    public IReadOnlyList<TokenRevocation> All => [.. revoked.All.Select(entry => entry.Value).OrderByDescending(revocation => revocation.RevokedAt)];

    /// <summary>True when a caller is revoked. What acts for a caller after its request, such as a detached run, asks this before each step.</summary>
    /// <param name="tokenId">The id of the token that the caller had; null when it had none.</param>
    /// <param name="subject">The subject of the caller.</param>
    /// <param name="issuedAt">The time at which the token was issued; for what the caller has begun, the time of its beginning serves as well.</param>
    public bool IsRevoked(string? tokenId, string? subject, DateTimeOffset issuedAt) => revoked.Includes(tokenId, subject, issuedAt);

    /// <summary>Completes when the revocations of the store and of this disk are known, before the first request.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        revoked.Load();
        await RestoreAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Predicts a revocation; its second member is false when nothing would change.</summary>
    public (TokenRevocation Revocation, bool Changed) Predict(RevokeToken request, string? by)
    {
        if (request.Id is null && request.Subject is null)
            throw new OperationException(ErrorType.Invalid, "id or subject is required");
        var wanted = RevokedTokenSet.Create(request, by, time.GetUtcNow());
        // A token is revoked once; a subject may have got new tokens since.
        return revoked.Find(RevokedTokenSet.KeyOf(wanted)) is { } known && (known.Subject is null || known.RevokedAt >= wanted.RevokedAt) ? (known, false)
            : revoked.All.Count >= RevokedTokenSet.MaxCount ? throw new OperationException(ErrorType.Conflict, $"there are {RevokedTokenSet.MaxCount} revocations, which is the maximum: replace the signing key, which ends all tokens of it (docs/tokens.md)")
            : (wanted, true);
    }

    /// <summary>Revokes, and completes when the store has it. Other controllers follow at once.</summary>
    public async Task<(TokenRevocation Revocation, bool Changed)> RevokeAsync(RevokeToken request, string? by, CancellationToken cancellationToken)
    {
        var (wanted, changed) = Predict(request, by);
        if (changed)
        {
            await WriteAsync(RevokedTokenSet.KeyOf(wanted), wanted, cancellationToken);
            revoked.Add(wanted);
            LogRevoked(wanted.Id, by ?? "unknown");
        }

        return (wanted, changed);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        new RetryLoop(time, RetryDelay).RunAsync(() => FollowAsync(stoppingToken), LogLost, stoppingToken),
        PeriodicLoop.RunAsync(SweepInterval, time, SweepAsync, static _ => { }, stoppingToken));

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await RestoreAsync(cancellationToken);
        await foreach (var stored in transport.Roster.WatchAsync(cancellationToken))
            if (stored.Key.StartsWith(Roster.RevocationKeys, StringComparison.Ordinal))
                await ApplyAsync(stored, cancellationToken);
    }

    private async Task RestoreAsync(CancellationToken cancellationToken)
    {
        var stored = (await transport.Roster.ListAsync(cancellationToken)).Where(entry => entry.Key.StartsWith(Roster.RevocationKeys, StringComparison.Ordinal)).ToDictionary(entry => entry.Key);
        foreach (var entry in stored.Values)
            await ApplyAsync(entry, cancellationToken);
        foreach (var (key, known) in revoked.All.Where(entry => !stored.ContainsKey(entry.Key)).ToList())
            await WriteAsync(key, known, cancellationToken);
    }

    private async Task ApplyAsync(KeyValue stored, CancellationToken cancellationToken)
    {
        if (RevokedTokenSet.TryRead(stored) is { } read)
            revoked.Add(read);
        else if (revoked.Find(stored.Key) is { } known && known.ExpiresAt > time.GetUtcNow())
            await WriteAsync(stored.Key, known, cancellationToken);
    }

    private async Task WriteAsync(string key, TokenRevocation revocation, CancellationToken cancellationToken)
    {
        while (true)
        {
            var stored = await transport.Roster.GetAsync(key, cancellationToken);
            if (RevokedTokenSet.TryRead(stored) is { } read && read.RevokedAt >= revocation.RevokedAt)
                return;
            if (await transport.Roster.PutAsync(key, RevokedTokenSet.Bytes(revocation), stored?.Revision ?? 0, cancellationToken) is not null)
                return;
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var key in revoked.RemoveExpired())
            await transport.Roster.DeleteAsync(key, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The revoked tokens cannot be read from the store, trying again; those that are known stay revoked: {Reason}")]
    private partial void LogLost(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Revoked {Id} for {Subject}")]
    private partial void LogRevoked(string id, string subject);
}
