using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Osapi.Operations.Tokens;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Auth;

/// <summary>The revocations that this controller knows, in memory and on its disk, by their key in the store.</summary>
internal sealed class RevokedTokenSet(RevocationFile file, TimeProvider time)
{
    /// <summary>The maximum number of revocations; each is kept until its tokens have expired.</summary>
    public const int MaxCount = 10_000;

    private const string SubjectPrefix = "subject:";

    private readonly ConcurrentDictionary<string, TokenRevocation> revoked = new();
    private readonly Lock gate = new();

    /// <summary>Raised after a revocation was added.</summary>
    public event Action? Added;

    /// <summary>The revocations, by key.</summary>
    public IReadOnlyCollection<KeyValuePair<string, TokenRevocation>> All => revoked;

    /// <summary>Creates the revocation of a token, or of a subject.</summary>
    public static TokenRevocation Create(RevokeToken request, string? by, DateTimeOffset now) => new(
        request.Id?.Value ?? SubjectPrefix + request.Subject,
        now,
        now + Tokens.MaxLifetime + Tokens.ClockSkew)
    {
        Subject = request.Subject,
        RevokedBy = by,
        Reason = request.Reason,
    };

    /// <summary>Gets the key of a revocation in the store.</summary>
    public static string KeyOf(TokenRevocation revocation) => revocation.Subject is { } subject ? KeyOfSubject(subject) : KeyOfToken(revocation.Id);

    /// <summary>Parses a stored revocation; null for one that is removed or invalid.</summary>
    public static TokenRevocation? TryRead(KeyValue? stored)
    {
        try
        {
            return stored is { Value.IsEmpty: false } && JsonSerializer.Deserialize(stored.Value.Span, TokenOperations.Revoke.Result)?.Revocation is { Id.Length: > 0 } read && KeyOf(read) == stored.Key ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Serializes a revocation for the store.</summary>
    public static byte[] Bytes(TokenRevocation revocation) => JsonSerializer.SerializeToUtf8Bytes(new("", revocation, Changed: true), TokenOperations.Revoke.Result);

    /// <summary>Loads the copy from this disk.</summary>
    public void Load()
    {
        foreach (var revocation in file.Read())
            revoked[KeyOf(revocation)] = revocation;
    }

    /// <summary>Finds the revocation with a key; null when there is none.</summary>
    public TokenRevocation? Find(string key) => revoked.GetValueOrDefault(key);

    /// <summary>Adds a revocation, unless it is over or an equal or later one is known.</summary>
    public void Add(TokenRevocation revocation)
    {
        var key = KeyOf(revocation);
        lock (gate)
        {
            if (revocation.ExpiresAt <= time.GetUtcNow() || (revoked.TryGetValue(key, out var known) && known.RevokedAt >= revocation.RevokedAt) || (revoked.Count >= MaxCount && known is null))
                return;
            revoked[key] = revocation;
            Save();
        }

        Added?.Invoke();
    }

    /// <summary>Removes the revocations of which every token has expired, and returns their keys.</summary>
    public IReadOnlyList<string> RemoveExpired()
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            var expired = revoked.Where(entry => entry.Value.ExpiresAt <= now).Select(entry => entry.Key).ToList();
            foreach (var key in expired)
                revoked.TryRemove(key, out _);
            if (expired.Count > 0)
                Save();
            return expired;
        }
    }

    /// <summary>True when a token is revoked, by its id or by its subject.</summary>
    public bool Includes(string? tokenId, string? subject, DateTimeOffset issuedAt) =>
        !revoked.IsEmpty
        && ((tokenId is not null && revoked.ContainsKey(KeyOfToken(tokenId)))
            // The clock of the machine that issues tokens may be ahead of this one.
            || (subject is not null && revoked.TryGetValue(KeyOfSubject(subject), out var revocation) && issuedAt <= revocation.RevokedAt + Tokens.ClockSkew));

    private static string KeyOfToken(string id) => Key("id", id);

    private static string KeyOfSubject(string subject) => Key("subject", subject);

    // Any text may be an id or a subject, and only some characters may be in a key.
    private static string Key(string kind, string text) => Roster.RevocationKeys + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{text}")).AsSpan(0, 16));

    private void Save() => file.Write([.. revoked.Values.OrderByDescending(revocation => revocation.RevokedAt)]);
}
