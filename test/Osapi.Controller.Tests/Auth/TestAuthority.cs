using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Osapi.Controller.Tests.Auth;

/// <summary>A certificate authority of a test, with the files that a controller reads.</summary>
internal sealed class TestAuthority : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private static readonly DateTimeOffset From = new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private int serial;

    public TestAuthority(string name)
    {
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        Certificate = request.CreateSelfSigned(From, From.AddYears(20));
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>Gets the options of a client that trusts servers of these authorities only.</summary>
    public static SslClientAuthenticationOptions Trusting(params ReadOnlySpan<TestAuthority> authorities)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        foreach (var authority in authorities)
            policy.CustomTrustStore.Add(authority.Certificate);
        return new() { CertificateChainPolicy = policy };
    }

    /// <summary>Issues a client certificate.</summary>
    public X509Certificate2 Client(string name, DateTimeOffset? until = null, bool isForServers = false)
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Issue(new($"CN={name}", own, HashAlgorithmName.SHA256), isForServers ? ServerAuthentication : ClientAuthentication, own, until ?? From.AddYears(10));
    }

    /// <summary>Writes a certificate for 127.0.0.1 and its key into a directory.</summary>
    public (string Certificate, string Key) WriteServer(string directory)
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=controller", own, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = Issue(request, ServerAuthentication, own, From.AddYears(10));
        var (path, keyPath) = (Path.Combine(directory, "tls.pem"), Path.Combine(directory, "tls.key"));
        File.WriteAllText(keyPath, own.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(path, certificate.ExportCertificatePem());
        return (path, keyPath);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        key.Dispose();
    }

    private X509Certificate2 Issue(CertificateRequest request, string usage, ECDsa own, DateTimeOffset until)
    {
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(usage)], critical: false));
        using var issued = request.Create(Certificate, From, until, BitConverter.GetBytes(++serial));
        using var withKey = issued.CopyWithPrivateKey(own);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null);
    }
}
