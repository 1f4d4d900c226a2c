using System.Security.Cryptography;

namespace Osapi.Transport.Trust;

/// <summary>The import of private keys from a <see cref="KeyFile"/>.</summary>
internal static class PrivateKey
{
    /// <summary>Imports a value as a private key of the curve P-256, and clears it. The algorithm is disposed when that fails.</summary>
    /// <exception cref="CryptographicException">The value is missing or no such key.</exception>
    public static T Import<T>(IReadOnlyDictionary<string, byte[]> values, string name, T algorithm)
        where T : ECAlgorithm
    {
        try
        {
            if (!values.TryGetValue(name, out var bytes))
                throw new CryptographicException("The file has no such key.");
            algorithm.ImportPkcs8PrivateKey(bytes, out var read);
            var isWhole = read == bytes.Length;
            CryptographicOperations.ZeroMemory(bytes);
            return isWhole && algorithm.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value
                ? algorithm
                : throw new CryptographicException("The key is of another curve.");
        }
        catch
        {
            algorithm.Dispose();
            throw;
        }
    }
}
