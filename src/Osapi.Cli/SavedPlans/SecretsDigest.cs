using System.Security.Cryptography;
using System.Text;

namespace Osapi.Cli.SavedPlans;

/// <summary>The digest of the secrets of a plan, which goes to the controllers only, never into a file.</summary>
internal static class SecretsDigest
{
    /// <summary>Returns the digest; null when there are no secrets.</summary>
    public static string? Of(IReadOnlyDictionary<string, string> secrets) => secrets.Count == 0 ? null
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(secrets.OrderBy(secret => secret.Key, StringComparer.Ordinal).Select(secret => $"{secret.Key.Length}:{secret.Key}{secret.Value.Length}:{secret.Value}")))));
}
