using System.Threading.Channels;
using NATS.Client.Core;
using NATS.NKeys;

namespace Osapi.Transport.Nats;

/// <summary>The client library's settings for our options.</summary>
internal static class NatsClientOptions
{
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static NatsOpts For(NatsOptions options)
    {
        // Here, because the library reads them at each attempt and a wrong name would look like a broker that is not there.
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
        // With others to try, the next one is soon.
        ConnectTimeout = options.Urls.Count > 1 ? TimeSpan.FromSeconds(3) : TimeSpan.FromSeconds(5),
        // For a server that is there and says nothing; that a link is dead the kernel finds out sooner (DeadLink). A slow one is left
        // for another, but there is no use in leaving the only one.
        PingInterval = options.Urls.Count > 1 ? TimeSpan.FromSeconds(2) : TimeSpan.FromSeconds(10),
        MaxPingOut = options.Urls.Count > 1 ? 3 : 2,
        ReconnectWaitMin = TimeSpan.FromMilliseconds(100),
        ReconnectWaitMax = TimeSpan.FromSeconds(2),
        ReconnectJitter = ReconnectPolicy.Spread(options),
        MaxReconnectRetry = -1,
        // Credentials may be taken away for a moment while the broker is reconfigured.
        IgnoreAuthErrorAbort = true,
        SubPendingChannelFullMode = BoundedChannelFullMode.DropOldest,
        // What is dropped is counted and told here.
        SuppressSlowConsumerWarnings = true,
    };

    private static NatsAuthOpts Authentication(NatsOptions options)
    {
        if (options.NKeySeedFile is not { } file)
            return new() { Username = options.User, Password = options.Password, CredsFile = options.CredentialsFile };
        var seed = File.ReadLines(file).Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith("SU", StringComparison.Ordinal))
            ?? throw new TransportException($"{file} holds no seed of a user's nkey (a line that begins with SU).");
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
        // Never in the clear when anything says TLS: an attacker could otherwise answer that the server has none.
        Mode = options.TlsCaFile is not null || options.TlsCertificateFile is not null || options.Urls.Any(url => url.StartsWith("tls:", StringComparison.Ordinal))
            ? TlsMode.Require
            : TlsMode.Auto,
    };
}
