using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Http;

/// <summary>Connects to web servers, and verifies their certificates.</summary>
internal sealed class TrustedServer(HttpFetchOptions options)
{
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The end of the validity of the last certificate; null when there was none.</summary>
    public DateTimeOffset? CertificateExpiresAt { get; private set; }

    /// <summary>The reason why the last certificate was refused; null when it was accepted.</summary>
    public string? Distrust { get; private set; }

    /// <exception cref="OperationException">The authorities cannot be read.</exception>
    public SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = ConnectTimeout,
        MaxResponseHeadersLength = 64,
        ConnectCallback = options.ConnectTo is null ? null : async (context, cancellationToken) => await ConnectAsync(context.DnsEndPoint, cancellationToken),
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = options.Ca is { } ca ? PolicyOf(ca) : null,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            {
                CertificateExpiresAt = (certificate as X509Certificate2)?.NotAfter;
                Distrust = errors == SslPolicyErrors.None || !options.ValidatesCertificate ? null : ReasonOf(errors, chain);
                return Distrust is null;
            },
        },
    };

    private async Task<Stream> ConnectAsync(DnsEndPoint asked, CancellationToken cancellationToken)
    {
        Exception? last = null;
        var addresses = options.ConnectTo is { } instead && instead.Host == asked.Host ? instead.Addresses : await Dns.GetHostAddressesAsync(asked.Host, cancellationToken);
        foreach (var address in addresses)
        {
            // Fails where the host has no IPv6.
            Socket? socket = null;
            try
            {
                socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(address, asked.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException failed)
            {
                socket?.Dispose();
                last = failed;
            }
            catch
            {
                socket?.Dispose();
                throw;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    private static string ReasonOf(SslPolicyErrors errors, X509Chain? chain) =>
        errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) ? "it has no certificate"
        : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? "its certificate is for another name"
        : $"its certificate is not valid: {string.Join(", ", chain?.ChainStatus.Select(status => status.Status).Distinct() ?? [])}";

    private static X509ChainPolicy PolicyOf(string ca)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPem(ca);
        }
        catch (CryptographicException invalid)
        {
            throw new OperationException(ErrorType.Invalid, $"ca cannot be read: {invalid.Message}");
        }

        return policy.CustomTrustStore.Count > 0 ? policy : throw new OperationException(ErrorType.Invalid, "ca has no certificate");
    }
}
