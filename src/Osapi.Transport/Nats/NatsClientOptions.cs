using System.Threading.Channels;
using NATS.Client.Core;
using NATS.NKeys;

namespace Osapi.Transport.Nats;

/// <summary>Converts our options into the client library's settings.</summary>
internal static class NatsClientOptions
{
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static NatsOpts For(NatsOptions options)
    {
        // Checked here, because the library opens the files at each attempt and a wrong name would look like an
        // unreachable broker.
        foreach (var file in new[] { options.CredentialsFile, options.TlsCaFile, options.TlsCertificateFile, options.TlsKeyFile })
            if (file is not null)
                File.OpenRead(file).Dispose();
        return Opts(options);
    }

    private static NatsOpts Opts(NatsOptions options) => NatsOpts.Default with
    {
        Url = string.Join(',', options.Urls),
        Name = options.Name,
        InboxPrefix = options.InboxPrefix,
        AuthOpts = Authentication(options),
        TlsOpts = Tls(options),
        // With several servers, the next one is tried soon.
        ConnectTimeout = options.Urls.Count > 1 ? TimeSpan.FromSeconds(3) : TimeSpan.FromSeconds(5),
        // For a server that accepts connections but does not answer; the kernel notices a dead link sooner
        // (DeadPeerDetection). With several servers a slow one is left for another; a single one is given more time.
        PingInterval = options.Urls.Count > 1 ? TimeSpan.FromSeconds(2) : TimeSpan.FromSeconds(10),
        MaxPingOut = options.Urls.Count > 1 ? 3 : 2,
        ReconnectWaitMin = TimeSpan.FromMilliseconds(100),
        ReconnectWaitMax = TimeSpan.FromSeconds(2),
        ReconnectJitter = ReconnectPolicy.MaxJitter(options),
        MaxReconnectRetry = -1,
        // Credentials may be missing for a moment while the broker is reconfigured.
        IgnoreAuthErrorAbort = true,
        SubPendingChannelFullMode = BoundedChannelFullMode.DropOldest,
        // Dropped messages are counted and logged here.
        SuppressSlowConsumerWarnings = true,
    };

    private static NatsAuthOpts Authentication(NatsOptions options)
    {
        if (options.NKeySeedFile is not { } file)
            return new() { Username = options.User, Password = options.Password, CredsFile = options.CredentialsFile };
        var seed = File.ReadLines(file).Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith("SU", StringComparison.Ordinal))
            ?? throw new TransportException($"{file} does not contain the seed of a user's nkey (a line that begins with SU).");
        try
        {
            using var keys = KeyPair.FromSeed(seed);
            return new() { NKey = keys.GetPublicKey(), Seed = seed };
        }
        catch (NKeysException failure)
        {
            throw new TransportException($"The seed in {file} is damaged: {failure.Message}", failure);
        }
    }

    private static NatsTlsOpts Tls(NatsOptions options) => new()
    {
        CaFile = options.TlsCaFile,
        CertFile = options.TlsCertificateFile,
        KeyFile = options.TlsKeyFile,
        // Never unencrypted when any option asks for TLS: an attacker could otherwise claim that the server has none.
        Mode = options.TlsCaFile is not null || options.TlsCertificateFile is not null || options.Urls.Any(url => url.StartsWith("tls:", StringComparison.Ordinal))
            ? TlsMode.Require
            : TlsMode.Auto,
    };
}
