using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Osapi.Controller;

/// <summary>Where a controller listens, checked before anything is started.</summary>
internal sealed class Listening
{
    // sun_path of unix(7) without its terminator.
    private const int LongestSocket = 107;

    private readonly List<Action<KestrelServerOptions>> listens = [];
    private readonly long maxRequestBytes;

    private Listening(long maxRequestBytes) => this.maxRequestBytes = maxRequestBytes;

    /// <exception cref="ArgumentException">An address is none that can be listened on.</exception>
    public static Listening Read(ControllerOptions options)
    {
        Listening listening = new(options.MaxRequestBytes);
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
        kestrel.Limits.MaxRequestBodySize = maxRequestBytes;
        foreach (var listen in listens)
            listen(kestrel);
    }

    private void Add(string socket)
    {
        var path = Path.GetFullPath(socket);
        var length = Encoding.UTF8.GetByteCount(path);
        if (length > LongestSocket)
            throw new ArgumentException($"The socket path {path} has {length} bytes, and the system allows {LongestSocket}; give a shorter one.");
        listens.Add(kestrel => kestrel.ListenUnixSocket(path));
    }

    private void Add(Uri url, TlsCertificate? tls)
    {
        if (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https") || url.AbsolutePath != "/")
            throw new ArgumentException($"'{url}' is no address to listen on; expected http://address:port.");
        Action<ListenOptions> secure = static _ => { };
        if (url.Scheme == Uri.UriSchemeHttps)
            secure = tls is null ? throw new ArgumentException($"'{url}' needs a certificate.") : listen => listen.UseHttps(tls.Options);
        if (IPAddress.TryParse(url.DnsSafeHost, out var address))
            listens.Add(kestrel => kestrel.Listen(address, url.Port, secure));
        // "localhost" is two addresses, which cannot share a port that the system chooses.
        else if (url.Host == "localhost" && url.Port == 0)
            listens.Add(kestrel => kestrel.Listen(IPAddress.Loopback, 0, secure));
        else if (url.Host == "localhost")
            listens.Add(kestrel => kestrel.ListenLocalhost(url.Port, secure));
        else
            // Names would have to mean "every address", which nobody should get by a slip.
            throw new ArgumentException($"'{url}' names a host; listen on an IP address of this machine, or http://0.0.0.0:{url.Port} for all of them.");
    }
}
