using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Osapi.Operations;

namespace Osapi.Transport.Jobs;

/// <summary>The name of a host as one token of a subject.</summary>
/// <remarks>
/// Different names (letter case aside) always give different keys: <c>web-01</c>, <c>web.01</c> and <c>web_01</c> are
/// three hosts.
/// </remarks>
public static class HostKey
{
    /// <summary>The executor of a job for any host. No host's key equals it.</summary>
    public const string Any = "_any";

    /// <summary>
    /// Checks that a target can name this host; states, records and heartbeats with any other name are ignored.
    /// </summary>
    public static bool IsName([NotNullWhen(true)] string? hostname) => Target.TryParse(hostname, provider: null, out var target) && target.Kind == TargetKind.Host;

    /// <summary>Gets the key of a host: lower case, <c>[a-z0-9-]</c> kept, every other byte of its UTF-8 as <c>=XX</c>.</summary>
    public static string Of(string hostname)
    {
        ArgumentNullException.ThrowIfNull(hostname);
        StringBuilder key = new(hostname.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(hostname.ToLowerInvariant()))
            if (octet is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'0' and <= (byte)'9') or (byte)'-')
                key.Append((char)octet);
            else
                key.Append('=').Append(octet.ToString("X2", CultureInfo.InvariantCulture));
        return key.ToString();
    }
}
