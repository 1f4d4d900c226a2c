using System.Security.Cryptography;
using System.Text;
using Osapi.Cli.Connection;
using Osapi.Cli.Settings;
using Osapi.Controller;

namespace Osapi.Cli.Hosting;

/// <summary>Checks the settings of a controller that depend on each other, and loads what they name.</summary>
internal static class ControllerChecks
{
    /// <summary>Adds the socket, the key and the certificate to the options; what is wrong becomes a problem of the configuration.</summary>
    public static ControllerOptions Complete(ControllerOptions options, Configuration configuration)
    {
        var local = LocalSystem.Of(configuration);
        if (Encoding.UTF8.GetByteCount(local.Socket) > StateDirectory.MaxSocketPath)
            configuration.Add(
                configuration.Get(ControllerSettings.Socket) is null ? GeneralSettings.StateDirectory : ControllerSettings.Socket,
                $"{local.Socket} is too long a path for a socket: it may have {StateDirectory.MaxSocketPath} bytes");
        var tls = ReadTls(configuration);
        if (tls is null && options.Urls.FirstOrDefault(url => url.Scheme == "https") is { } secure)
            configuration.Add(ControllerSettings.Listen, $"{secure.Scheme}://{secure.Authority} needs {ControllerSettings.Certificate.Key} and {ControllerSettings.CertificateKey.Key}");
        return options with { Socket = local.Socket, SigningKeyFile = local.SigningKey, Tls = tls };
    }

    private static TlsCertificate? ReadTls(Configuration configuration)
    {
        var (certificate, key) = SettingPairs.Files(configuration, ControllerSettings.Certificate, ControllerSettings.CertificateKey);
        if (certificate is null || key is null)
            return null;
        try
        {
            return TlsCertificate.Load(certificate, key);
        }
        // The key of another certificate is a wrong argument, and none at all is cryptographic.
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            configuration.Add(ControllerSettings.Certificate, $"{certificate} and {key} are no certificate and its key: {exception.Message}");
            return null;
        }
    }
}
