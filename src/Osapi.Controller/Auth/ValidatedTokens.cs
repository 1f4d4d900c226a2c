using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Claims;
using System.Security.Cryptography;

namespace Osapi.Controller.Auth;

/// <summary>The callers of the tokens that were validated before: a signature is checked once, not at each request.</summary>
/// <remarks>Tokens are kept as their digests. What can change without the token, its lifetime, is checked at each request.</remarks>
internal sealed class ValidatedTokens(Tokens tokens)
{
    /// <summary>The maximum number of tokens; all are forgotten when there are more.</summary>
    public const int MaxCount = 1024;

    private readonly ConcurrentDictionary<(UInt128, UInt128), (ClaimsPrincipal Caller, DateTime NotBefore, DateTime Expires)> validated = new();

    /// <summary>Finds the caller of a token; null when it was not validated before or is not valid now.</summary>
    public ClaimsPrincipal? Find(ReadOnlySpan<char> token) =>
        validated.TryGetValue(DigestOf(token), out var known) && tokens.IsValidNow(known.NotBefore, known.Expires) ? known.Caller : null;

    /// <summary>Adds the caller of a token that is valid between two times.</summary>
    public void Add(string token, ClaimsPrincipal caller, DateTime notBefore, DateTime expires)
    {
        if (validated.Count >= MaxCount)
            validated.Clear();
        validated[DigestOf(token)] = (caller, notBefore, expires);
    }

    private static (UInt128, UInt128) DigestOf(ReadOnlySpan<char> token)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(token), digest);
        return (BinaryPrimitives.ReadUInt128LittleEndian(digest), BinaryPrimitives.ReadUInt128LittleEndian(digest[16..]));
    }
}
