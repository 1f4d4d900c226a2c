using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Osapi.Controller;

/// <summary>The certificate of a controller. Its files are read again when they change, so that a renewed certificate needs no restart.</summary>
public sealed class TlsCertificate
{
    private readonly string certificateFile;
    private readonly string keyFile;
    private readonly X509Certificate2Collection clientAuthorities = [];
    private SslStreamCertificateContext current;
    private string description;

    private TlsCertificate(string certificateFile, string keyFile, string? clientAuthorityFile)
    {
        (this.certificateFile, this.keyFile) = (certificateFile, keyFile);
        if (clientAuthorityFile is not null)
            clientAuthorities.ImportFromPemFile(clientAuthorityFile);
        description = Describe();
        current = Read();
    }

    /// <summary>The reason why the files could not be read again; null when the present files are used.</summary>
    public string? Problem { get; private set; }

    internal bool HasClientAuthorities => clientAuthorities.Count > 0;

    /// <summary>The options of each new connection.</summary>
    internal TlsHandshakeCallbackOptions Handshake => new()
    {
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = Volatile.Read(ref current),
            ClientCertificateRequired = HasClientAuthorities,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is null || (HasClientAuthorities && IsIssued((X509Certificate2)certificate)),
        }),
    };

    /// <summary>Loads a certificate.</summary>
    /// <param name="certificateFile">PEM: the certificate, then the intermediate certificates.</param>
    /// <param name="keyFile">PEM: its private key, without a passphrase.</param>
    /// <param name="clientAuthorityFile">PEM: the authorities of client certificates; null when none are asked for.</param>
    /// <exception cref="CryptographicException">
    /// The files are invalid, or do not belong together.
    /// </exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static TlsCertificate Load(string certificateFile, string keyFile, string? clientAuthorityFile = null) => new(certificateFile, keyFile, clientAuthorityFile);

    /// <summary>Reads the files again, if they have changed. While they are invalid, the certificate of before stays.</summary>
    /// <returns>True when they have changed.</returns>
    public bool Refresh()
    {
        try
        {
            if (Describe() is var found && found == description)
                return false;
            description = found;
            Volatile.Write(ref current, Read());
            Problem = null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            Problem = exception.Message;
        }

        return true;
    }

    private string Describe() => string.Join('\n', new[] { certificateFile, keyFile }.Select(path => new FileInfo(path)).Select(file => $"{file.LastWriteTimeUtc.Ticks} {(file.Exists ? file.Length : 0)}"));

    private SslStreamCertificateContext Read()
    {
        X509Certificate2Collection chain = [];
        chain.ImportFromPemFile(certificateFile);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(certificateFile, keyFile), chain, offline: true);
    }

    private bool IsIssued(X509Certificate2 certificate)
    {
        const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(clientAuthorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new(ClientAuthentication));
        return chain.Build(certificate);
    }
}
