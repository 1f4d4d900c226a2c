using System.Net;
using Osapi.Cli.Settings;

namespace Osapi.Cli.Hosting;

/// <summary>Refuses addresses beyond this machine to which secrets would go without encryption, unless the configuration allows it.</summary>
internal static class InsecureAddresses
{
    /// <summary>True for a plain address of another machine. A name other than <c>localhost</c> may be any machine.</summary>
    public static bool IsPlainBeyondMachine(Uri address) => address.Scheme is "http" or "nats" && !IsThisMachine(address);

    /// <summary>Adds a problem for each address to listen on that others can reach without encryption.</summary>
    public static void CheckListen(IReadOnlyList<Uri> addresses, Configuration configuration)
    {
        if (configuration.Get(ControllerSettings.AllowInsecure) == "true")
            return;
        foreach (var address in addresses.Where(IsPlainBeyondMachine))
            configuration.Add(ControllerSettings.Listen, $"{address.Scheme}://{address.Authority} is plain http beyond this machine: everyone on the way could read tokens and use them. Use https with a certificate, or set {ControllerSettings.AllowInsecure.Key} to true");
    }

    /// <summary>Adds a problem for each broker to which a password would go without encryption. Keys and credentials files only sign, and send no secret.</summary>
    public static void CheckBroker(IReadOnlyList<string> addresses, bool hasPassword, Configuration configuration)
    {
        if (!hasPassword || configuration.Get(NatsSettings.AllowInsecure) == "true")
            return;
        foreach (var address in addresses.Where(text => IsPlainBeyondMachine(new(text))))
            configuration.Add(NatsSettings.Urls, $"{address} would get the password without encryption: everyone on the way could read it. Use tls://, or set {NatsSettings.AllowInsecure.Key} to true");
    }

    private static bool IsThisMachine(Uri address) => address.IsLoopback || (IPAddress.TryParse(address.DnsSafeHost, out var ip) && IPAddress.IsLoopback(ip));
}
