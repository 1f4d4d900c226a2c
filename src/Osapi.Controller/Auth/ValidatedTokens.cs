using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Claims;
using System.Security.Cryptography;

namespace Osapi.Controller.Auth;

/// <summary>The callers of the tokens that were validated before: a signature is checked once, not at each request.</summary>
/// <remarks>Tokens are kept as their digests. What can change without the token, its lifetime and the accepted keys, is checked at each request.</remarks>
internal sealed class ValidatedTokens(TokenValidator validator)
{
    /// <summary>The maximum number of tokens; all are forgotten when there are more.</summary>
    public const int MaxCount = 1024;

    private readonly ConcurrentDictionary<(UInt128, UInt128), Entry> validated = new();

    /// <summary>Finds the caller of a token; null when it was not validated before or is not valid now.</summary>
    public ClaimsPrincipal? Find(ReadOnlySpan<char> token) =>
        validated.TryGetValue(DigestOf(token), out var known) && known.Keys == validator.Keys && validator.IsValidNow(known.Identity) ? known.Caller : null;

    /// <summary>Adds the caller of a token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="identity">Its identity.</param>
    /// <param name="keys">The keys that were valid when the validation began.</param>
    public ClaimsPrincipal Add(string token, CallerIdentity identity, (object Own, object? Issuer) keys)
    {
        if (validated.Count >= MaxCount)
            validated.Clear();
        ClaimsPrincipal caller = new(identity);
        validated[DigestOf(token)] = new(caller, identity, keys);
        return caller;
    }

    private static (UInt128, UInt128) DigestOf(ReadOnlySpan<char> token)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(token), digest);
        return (BinaryPrimitives.ReadUInt128LittleEndian(digest), BinaryPrimitives.ReadUInt128LittleEndian(digest[16..]));
    }

    private sealed record Entry(ClaimsPrincipal Caller, CallerIdentity Identity, (object Own, object? Issuer) Keys);
}
