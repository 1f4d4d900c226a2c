using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using Osapi.Operations;

namespace Osapi.Controller.Auth;

/// <summary>The keys of an OpenID Connect issuer, fetched when they are needed and kept.</summary>
/// <remarks>
/// A token of the issuer waits for a fetch only when no keys are known or it names an unknown one; other tokens never wait. One fetch runs at a
/// time, and at most one in 30 seconds, whatever callers send.
/// </remarks>
internal sealed partial class OidcIssuer(OidcOptions options, RoleTable roles, OidcDiscovery source, TimeProvider time, ILogger<OidcIssuer> logger)
{
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(15);

    private readonly Lock gate = new();
    private TokenKeySet? current;
    private Task fetch = Task.CompletedTask;
    private long? fetchedAt;
    private long? triedAt;
    private string? failure;

    /// <summary>The issuer as tokens name it.</summary>
    public string Name => options.IssuerName;

    /// <summary>The audience that a token must name.</summary>
    public string Audience => options.Audience;

    /// <summary>The reader of the claims of its tokens.</summary>
    public CallerClaims Claims { get; } = new(roles, options.RolesClaim ?? TokenClaims.Roles, options.SubjectPrefix ?? "oidc:");

    /// <summary>The known keys; null before the first fetch.</summary>
    public TokenKeySet? Current => Volatile.Read(ref current);

    /// <summary>Finds the keys that may have signed a token.</summary>
    /// <exception cref="TokenException">The keys are not known, and cannot be fetched at the moment.</exception>
    public async Task<IReadOnlyList<SecurityKey>> FindAsync(string? keyId, string algorithm, CancellationToken cancellationToken)
    {
        var found = Current?.Find(keyId, algorithm) ?? [];
        var fetching = Begin(isNeeded: found.Count == 0);
        if (found.Count > 0)
            return found;
        await fetching.WaitAsync(cancellationToken);
        return Current?.Find(keyId, algorithm) ?? throw new TokenException($"the keys of {Name} cannot be fetched at the moment") { IsUnavailable = true };
    }

    private Task Begin(bool isNeeded)
    {
        lock (gate)
        {
            var isOld = fetchedAt is not { } at || time.GetElapsedTime(at) >= MaxAge;
            if (!fetch.IsCompleted || !(isNeeded || isOld) || (triedAt is { } tried && time.GetElapsedTime(tried) < MinInterval))
                return fetch;
            triedAt = time.GetTimestamp();
            return fetch = FetchAsync();
        }
    }

    private async Task FetchAsync()
    {
        // The caller that begins it holds the lock.
        await Task.Yield();
        try
        {
            Volatile.Write(ref current, await source.FetchAsync());
            fetchedAt = time.GetTimestamp();
            if (failure is not null)
                LogFetched(Name);
            failure = null;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException or InvalidDataException or TimeoutException)
        {
            // The keys of before stay valid: an issuer that is not reachable does not end what it has signed.
            if (failure != exception.Message)
                LogFailed(Name, ControlCharacters.Escape(exception.Message));
            failure = exception.Message;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The keys of {Issuer} cannot be fetched: {Reason}")]
    private partial void LogFailed(string issuer, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The keys of {Issuer} were fetched again")]
    private partial void LogFetched(string issuer);
}
