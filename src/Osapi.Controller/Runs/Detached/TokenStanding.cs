using Osapi.Controller.Auth;
using Osapi.Controller.Jobs.Active;

namespace Osapi.Controller.Runs.Detached;

/// <summary>The one place that detached runs ask whether the token that they were handed over with still counts.</summary>
/// <remarks>
/// A token that has expired still counts: its permissions were checked when the run was handed over, and expiry limits what may be begun. One that was revoked, or whose
/// subject was, does not.
/// </remarks>
internal sealed class TokenStanding
{
    private readonly AsyncSignal changed = new();
    private readonly RevocationRegistry revocations;

    public TokenStanding(RevocationRegistry revocations, RevokedTokenSet revoked)
    {
        this.revocations = revocations;
        revoked.Added += changed.Set;
    }

    /// <summary>The task that completes when an answer may have changed.</summary>
    public Task Next => changed.WaitAsync;

    /// <summary>Gets the reason why a token no longer counts; null while it does.</summary>
    public string? RefusalOf(RunGrant grant) =>
        revocations.IsRevoked(grant.TokenId, grant.Subject, DateTimeOffset.FromUnixTimeSeconds(grant.IssuedAt)) ? $"the token of {grant.Subject} was revoked" : null;
}
