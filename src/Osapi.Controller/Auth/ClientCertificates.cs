using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace Osapi.Controller.Auth;

/// <summary>Finds the callers of connections with client certificates. The server has verified that a configured authority issued them.</summary>
internal sealed class ClientCertificates(IReadOnlyDictionary<string, IReadOnlyList<string>> clients, RoleTable roles, TimeProvider time)
{
    /// <summary>Finds the caller of a request; null when its connection has no client certificate.</summary>
    /// <exception cref="TokenException">The certificate is not valid now, or its subject has no roles.</exception>
    public CallerIdentity? Find(HttpContext context)
    {
        if (context.Connection.ClientCertificate is not { } certificate)
            return null;
        var (from, until, now) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime(), time.GetUtcNow().UtcDateTime);
        // The connection may be older than the end of the certificate.
        if (now < from || now >= until)
            throw new TokenException(TokenFailure.Lifetime);
        var name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        if (!clients.TryGetValue(name, out var names))
            throw new TokenException("its subject is not in controller.tls.clients");
        return new(name, "cert:" + Convert.ToHexStringLower(SHA256.HashData(certificate.RawData)), names)
        {
            Permissions = roles.PermissionsOf(names),
            IssuedAt = new(from, TimeSpan.Zero),
            NotBefore = new(from, TimeSpan.Zero),
            ExpiresAt = new(until, TimeSpan.Zero),
        };
    }
}
