using System.Security.Cryptography;
using System.Text;
using Osapi.Cli.Connection;
using Osapi.Cli.Settings;
using Osapi.Controller;

namespace Osapi.Cli.Hosting;

/// <summary>Checks the settings of a controller that depend on each other, and loads the files that they name.</summary>
internal static class ControllerChecks
{
    /// <summary>Adds the socket, the key and the certificate to the options, and each mistake to the configuration's problems.</summary>
    public static ControllerOptions Complete(ControllerOptions options, Configuration configuration)
    {
        var local = LocalSystem.Of(configuration);
        if (Encoding.UTF8.GetByteCount(local.Socket) > StateDirectory.MaxSocketPath)
            configuration.Add(
                configuration.Get(ControllerSettings.Socket) is null ? GeneralSettings.StateDirectory : ControllerSettings.Socket,
                $"{local.Socket} is too long for the path of a socket: the maximum is {StateDirectory.MaxSocketPath} bytes");
        var tls = ReadTls(configuration);
        if (tls is null && options.Urls.FirstOrDefault(url => url.Scheme == "https") is { } secure)
            configuration.Add(ControllerSettings.Listen, $"{secure.Scheme}://{secure.Authority} needs {ControllerSettings.Certificate.Key} and {ControllerSettings.CertificateKey.Key}");
        InsecureAddresses.CheckListen(options.Urls, configuration);
        return options with { Socket = local.Socket, SigningKeyFile = local.SigningKey, Tls = tls, Oidc = AuthSettings.ReadOidc(configuration) };
    }

    private static TlsCertificate? ReadTls(Configuration configuration)
    {
        var (certificate, key) = SettingPairs.Files(configuration, ControllerSettings.Certificate, ControllerSettings.CertificateKey);
        if (certificate is null || key is null)
            return null;
        try
        {
            return TlsCertificate.Load(certificate, key, SettingPairs.File(configuration, AuthSettings.ClientCa));
        }
        // A key of another certificate causes an ArgumentException; a file without a key, a CryptographicException.
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            configuration.Add(ControllerSettings.Certificate, $"{certificate} and {key} do not contain a certificate and its private key: {exception.Message}");
            return null;
        }
    }
}
