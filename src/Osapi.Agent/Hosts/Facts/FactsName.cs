using System.Net;
using System.Net.Sockets;

namespace Osapi.Agent.Hosts.Facts;

/// <summary>The fully qualified name of the host.</summary>
internal static class FactsName
{
    // An unresponsive DNS server must not delay every fact.
    private static readonly TimeSpan LookupTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Gets the canonical name that the resolver returns for the host's own name, as <c>hostname --fqdn</c> does;
    /// otherwise that name itself.
    /// </summary>
    public static async Task<string> FullAsync(Host host, string name, CancellationToken cancellationToken)
    {
        try
        {
            var canonical = await host.CanonicalNameAsync(name, cancellationToken).WaitAsync(LookupTimeout, host.Time, cancellationToken);
            return canonical is { Length: > 0 } && canonical.Contains('.', StringComparison.Ordinal) && !canonical.StartsWith("localhost", StringComparison.OrdinalIgnoreCase)
                ? canonical.TrimEnd('.')
                : name;
        }
        catch (TimeoutException)
        {
            return name;
        }
    }

    /// <summary>Queries the resolver of this machine (getaddrinfo(3), AI_CANONNAME).</summary>
    public static async Task<string?> CanonicalAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await Dns.GetHostEntryAsync(name, cancellationToken)).HostName;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
