using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Osapi.Controller;

/// <summary>The certificate of a controller.</summary>
public sealed class TlsCertificate
{
    private TlsCertificate(HttpsConnectionAdapterOptions options) => Options = options;

    internal HttpsConnectionAdapterOptions Options { get; }

    /// <summary>Loads a certificate.</summary>
    /// <param name="certificateFile">PEM: the certificate, then the intermediate certificates.</param>
    /// <param name="keyFile">PEM: its private key, without a passphrase.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">
    /// The files are invalid, or do not belong together.
    /// </exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static TlsCertificate Load(string certificateFile, string keyFile)
    {
        X509Certificate2Collection chain = [];
        chain.ImportFromPemFile(certificateFile);
        return new(new()
        {
            ServerCertificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile),
            ServerCertificateChain = chain,
        });
    }
}
