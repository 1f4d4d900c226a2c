using System.Security.Cryptography;
using System.Text;
using Osapi.Cli.Connection;
using Osapi.Cli.Settings;
using Osapi.Controller;
using Osapi.Transport;

namespace Osapi.Cli.Hosting;

/// <summary>The configuration of a controller.</summary>
internal sealed record ControllerConfiguration(
    LocalSystem Local, IReadOnlyList<Uri> Urls, TlsCertificate? Tls, long MaxRequestBytes, long MaxUploadBytes, ControllerLimits Limits, TimeSpan KeepJobs, int? KeepAtMost, TimeSpan KeepAgents)
{
    private static readonly IReadOnlyList<Uri> DefaultUrls = [new("http://127.0.0.1:8080")];

    /// <summary>Reads the configuration; errors are added to its problems.</summary>
    public static ControllerConfiguration Read(Configuration configuration)
    {
        var local = LocalSystem.Of(configuration);
        if (Encoding.UTF8.GetByteCount(local.Socket) > StateDirectory.MaxSocketPath)
            configuration.Add(
                configuration.Get(ControllerSettings.Socket) is null ? GeneralSettings.StateDirectory : ControllerSettings.Socket,
                $"{local.Socket} is too long a path for a socket: it may have {StateDirectory.MaxSocketPath} bytes");
        var urls = configuration.Get(ControllerSettings.Listen) ?? DefaultUrls;
        var tls = ReadTls(configuration);
        if (tls is null && urls.FirstOrDefault(url => url.Scheme == "https") is { } secure)
            configuration.Add(ControllerSettings.Listen, $"{secure.Scheme}://{secure.Authority} needs {ControllerSettings.Certificate.Key} and {ControllerSettings.CertificateKey.Key}");
        return new(
            local,
            urls,
            tls,
            configuration.Get(LimitSettings.RequestBytes) ?? ControllerOptions.DefaultMaxRequestBytes,
            configuration.Get(LimitSettings.UploadBytes) ?? ControllerOptions.DefaultMaxUploadBytes,
            LimitSettings.Read(configuration),
            configuration.Get(ControllerSettings.KeepJobs) ?? TimeSpan.FromDays(7),
            configuration.Get(ControllerSettings.KeepAtMost),
            configuration.Get(ControllerSettings.KeepAgents) ?? TimeSpan.FromDays(30));
    }

    public ControllerOptions Options(ITransport transport) => new()
    {
        Transport = transport,
        StateDirectory = Local.StateDirectory,
        SigningKeyFile = Local.SigningKey,
        Urls = Urls,
        Tls = Tls,
        Socket = Local.Socket,
        MaxRequestBytes = MaxRequestBytes,
        MaxUploadBytes = MaxUploadBytes,
        Limits = Limits,
        KeepJobs = KeepJobs,
        KeepAtMost = KeepAtMost,
        KeepAgents = KeepAgents,
    };

    private static TlsCertificate? ReadTls(Configuration configuration)
    {
        var (certificate, key) = SettingPairs.Files(configuration, ControllerSettings.Certificate, ControllerSettings.CertificateKey);
        if (certificate is null || key is null)
            return null;
        try
        {
            return TlsCertificate.Load(certificate, key);
        }
        // A key of another certificate causes an ArgumentException, a file without a key a CryptographicException.
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            configuration.Add(ControllerSettings.Certificate, $"{certificate} and {key} are no certificate and its key: {exception.Message}");
            return null;
        }
    }
}
