using System.Text;

namespace Osapi.Agent.Hosts.NameResolution;

/// <summary>
/// The settings of our drop-in for systemd-networkd; a null list was never set and is left to the network's
/// configuration.
/// </summary>
/// <param name="Servers">The servers.</param>
/// <param name="Domains">The search and routing domains.</param>
internal sealed record NetworkdDropIn(IReadOnlyList<string>? Servers, IReadOnlyList<string>? Domains)
{
    private const string Head = "# Written by osapi for network.dns.update. To go back to the network's own settings, delete this file and restart systemd-networkd.";

    /// <summary>Parses the output of <see cref="ToString"/>. In a file that was edited by others, the last lists count.</summary>
    public static NetworkdDropIn Parse(string text) => new(Read(text, "DNS"), Read(text, "Domains"));

    public bool Equals(NetworkdDropIn? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>
    /// Formats the file. An empty assignment clears the values read before; servers from DHCP and router advertisements
    /// are disabled for the settings made here.
    /// </summary>
    public override string ToString()
    {
        StringBuilder text = new(Head + "\n[Network]\n");
        List(text, "DNS", Servers);
        List(text, "Domains", Domains);
        foreach (var section in (string[])["DHCPv4", "DHCPv6", "IPv6AcceptRA"])
        {
            text.Append('[').Append(section).Append("]\n");
            if (Servers is not null)
                text.Append("UseDNS=no\n");
            if (Domains is not null)
                text.Append("UseDomains=no\n");
        }

        return text.ToString();
    }

    private static void List(StringBuilder text, string name, IReadOnlyList<string>? values)
    {
        if (values is null)
            return;
        text.Append(name).Append("=\n");
        if (values.Count > 0)
            text.Append(name).Append('=').AppendJoin(' ', values).Append('\n');
    }

    private static List<string>? Read(string text, string name)
    {
        List<string>? values = null;
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
            if (line.StartsWith(name + "=", StringComparison.Ordinal))
            {
                var words = line[(name.Length + 1)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                values = words.Length == 0 ? [] : [.. values ?? [], .. words];
            }

        return values;
    }
}
