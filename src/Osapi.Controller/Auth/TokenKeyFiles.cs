using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Osapi.Controller.Auth;

/// <summary>Reads the keys that may sign tokens: the signing key, and a directory with further secret keys (<c>*.key</c>) and public keys (<c>*.pem</c>).</summary>
internal sealed class TokenKeyFiles(string signingKey, string directory)
{
    /// <summary>The default name of the directory in a state directory.</summary>
    public const string DirectoryName = "token-keys";

    private const int MaxBytes = 64 * 1024;
    private const int MinRsaBits = 2048;
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <summary>Describes the present files; equal texts mean that nothing has changed.</summary>
    public string Describe()
    {
        StringBuilder text = new();
        foreach (var path in Paths())
        {
            FileInfo file = new(path);
            text.Append(path).Append('\0').Append(file.Exists ? file.LastWriteTimeUtc.Ticks : 0).Append('\0').Append(file.Exists ? file.Length : -1).Append('\0').Append(file.Exists ? (int)file.UnixFileMode : 0).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Reads all keys. A file that is not a key is a problem and adds no key.</summary>
    public TokenKeySet Read(List<string> problems)
    {
        List<TokenKey> keys = [];
        SecurityKey? own = null;
        foreach (var path in Paths())
            try
            {
                if (keys.Count == TokenKeySet.MaxCount)
                    problems.Add($"{directory} has more than {TokenKeySet.MaxCount} keys; {path} is not used");
                else if (Path.GetExtension(path) == ".pem")
                    keys.Add(ReadPublic(path));
                else if (File.Exists(path))
                {
                    keys.Add(SigningKey.Load(path).ForTokens);
                    if (path == signingKey)
                        own = keys[^1].Security;
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or CryptographicException or ArgumentException)
            {
                problems.Add(exception is InvalidDataException ? exception.Message : $"{path} is not a key for tokens: {exception.Message}");
            }

        return new(keys, own);
    }

    private IEnumerable<string> Paths() => Directory.Exists(directory)
        ? [signingKey, .. Directory.EnumerateFiles(directory).Where(path => Path.GetExtension(path) is ".key" or ".pem").Order(StringComparer.Ordinal)]
        : [signingKey];

    private static TokenKey ReadPublic(string path)
    {
        if (new FileInfo(path).Length > MaxBytes)
            throw new InvalidDataException($"{path} is not a public key: it has more than {MaxBytes} bytes");
        var pem = File.ReadAllText(path);
        if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
            throw new InvalidDataException($"{path} has a private key, which only the issuer of the tokens should have; write its public key there: openssl pkey -in KEY -pubout");
        using var rsa = RSA.Create();
        if (TryImport(rsa, pem))
            return rsa.KeySize >= MinRsaBits ? Of(path, SecurityAlgorithms.RsaSha256, new RsaSecurityKey(rsa.ExportParameters(includePrivateParameters: false)))
                : throw new InvalidDataException($"{path} has an RSA key of {rsa.KeySize} bits; at least {MinRsaBits} are required");
        // It lives as long as the key.
        var curve = ECDsa.Create();
        if (TryImport(curve, pem) && curve.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == P256)
            return Of(path, SecurityAlgorithms.EcdsaSha256, new ECDsaSecurityKey(curve));
        curve.Dispose();
        throw new InvalidDataException($"{path} is not a public key that is supported: expected a PEM file with PUBLIC KEY, RSA or of the curve P-256");
    }

    // A token names the file, or the thumbprint of RFC 7638.
    private static TokenKey Of(string path, string algorithm, AsymmetricSecurityKey key) =>
        new([Path.GetFileNameWithoutExtension(path), Base64UrlEncoder.Encode(key.ComputeJwkThumbprint())], algorithm, key);

    private static bool TryImport(AsymmetricAlgorithm key, string pem)
    {
        try
        {
            key.ImportFromPem(pem);
            return true;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return false;
        }
    }
}
