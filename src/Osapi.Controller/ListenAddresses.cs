using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Osapi.Controller.Limits;

namespace Osapi.Controller;

/// <summary>The addresses that a controller listens on, validated before anything is started.</summary>
internal sealed class ListenAddresses
{
    // The size of sun_path (unix(7)) without its terminator.
    private const int MaxSocketPath = 107;

    // Idle connections cost little; the unread input and unsent output of a connection is bounded.
    private const int BufferedBytes = 64 * 1024;
    private static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(15);

    // A caller that reads a large response more slowly is disconnected, because the response stays in memory until then.
    private static readonly MinDataRate MinResponseRate = new(bytesPerSecond: 32 * 1024, gracePeriod: TimeSpan.FromSeconds(10));

    private readonly List<Action<KestrelServerOptions>> listens = [];
    private readonly ControllerLimits limits;

    private ListenAddresses(ControllerLimits limits) => this.limits = limits;

    /// <exception cref="ArgumentException">An address is not valid for listening.</exception>
    public static ListenAddresses Read(ControllerOptions options)
    {
        ListenAddresses listening = new(options.Limits);
        if (options.Socket is { } socket)
            listening.Add(socket);
        foreach (var url in options.Urls)
            listening.Add(url, options.Tls);
        if (listening.listens.Count == 0)
            throw new ArgumentException("A controller needs an address or a socket to listen on.", nameof(options));
        return listening;
    }

    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        // An endpoint that reads a body sets its own limit.
        kestrel.Limits.MaxRequestBodySize = limits.SmallRequestBytes;
        kestrel.Limits.MaxRequestBufferSize = BufferedBytes;
        kestrel.Limits.MaxResponseBufferSize = BufferedBytes;
        kestrel.Limits.RequestHeadersTimeout = HeaderTimeout;
        kestrel.Limits.MinResponseDataRate = MinResponseRate;
        kestrel.Limits.MaxConcurrentUpgradedConnections = 0;
        foreach (var listen in listens)
            listen(kestrel);
    }

    // Each listener has its own limit: strangers on TCP cannot take the place of commands on this machine.
    private void Limit(ListenOptions listen, bool isPlain)
    {
        ConnectionLimit limit = new(limits.MaxConnections, isPlain, listen.ApplicationServices.GetRequiredService<LimitLog>());
        listen.Use(next => connection => limit.ServeAsync(connection, next));
    }

    private void Add(string socket)
    {
        var path = Path.GetFullPath(socket);
        var length = Encoding.UTF8.GetByteCount(path);
        if (length > MaxSocketPath)
            throw new ArgumentException($"The socket path {path} has {length} bytes; the maximum is {MaxSocketPath}. Use a shorter path.");
        listens.Add(kestrel => kestrel.ListenUnixSocket(path, listen => Limit(listen, isPlain: true)));
    }

    private void Add(Uri url, TlsCertificate? tls)
    {
        if (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https") || url.AbsolutePath != "/")
            throw new ArgumentException($"'{url}' is not an address to listen on: expected http://address:port.");
        Action<ListenOptions> secure = listen => Limit(listen, isPlain: true);
        if (url.Scheme == Uri.UriSchemeHttps)
            secure = tls is null ? throw new ArgumentException($"'{url}' requires a certificate.") : listen =>
            {
                Limit(listen, isPlain: false);
                listen.UseHttps(tls.Handshake);
            };
        if (IPAddress.TryParse(url.DnsSafeHost, out var address))
            listens.Add(kestrel => kestrel.Listen(address, url.Port, secure));
        // "localhost" is two addresses, which cannot share a port that the system chooses.
        else if (url.Host == "localhost" && url.Port == 0)
            listens.Add(kestrel => kestrel.Listen(IPAddress.Loopback, 0, secure));
        else if (url.Host == "localhost")
            listens.Add(kestrel => kestrel.ListenLocalhost(url.Port, secure));
        else
            // Kestrel treats a host name as "every address", which must not happen by mistake.
            throw new ArgumentException($"'{url}' is a host name; use an IP address of this machine, or http://0.0.0.0:{url.Port} for all of them.");
    }
}
