using Microsoft.IdentityModel.Tokens;

namespace Osapi.Controller.Auth;

/// <summary>The keys that sign valid tokens at a time. Each key has one algorithm, so that no token can choose another one for it.</summary>
internal sealed class TokenKeySet(IReadOnlyList<TokenKey> keys, SecurityKey? own = null)
{
    /// <summary>The maximum number of keys: a token that names none is compared with each.</summary>
    public const int MaxCount = 32;

    public IReadOnlyList<TokenKey> Keys => keys;

    /// <summary>The key that signs this system's own tokens; null when its file is not a key at the moment.</summary>
    public SecurityKey? Own => own;

    /// <summary>Finds the keys that may have signed a token.</summary>
    /// <param name="keyId">The key that the token names; null for none.</param>
    /// <param name="algorithm">The algorithm of the token.</param>
    public IReadOnlyList<SecurityKey> Find(string? keyId, string algorithm) =>
        [.. keys.Where(key => key.Algorithm == algorithm && (string.IsNullOrEmpty(keyId) || key.Ids.Contains(keyId))).Select(key => key.Security)];
}

/// <summary>A key that signs tokens, or its public part.</summary>
/// <param name="Ids">The names by which a token may name it in <c>kid</c>.</param>
/// <param name="Algorithm">The only algorithm that it is used with.</param>
/// <param name="Security">The key.</param>
internal sealed record TokenKey(IReadOnlyList<string> Ids, string Algorithm, SecurityKey Security);
