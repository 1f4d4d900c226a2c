using System.Net;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Operations.Network;

namespace Osapi.Agent.Hosts.NameResolution;

/// <summary>The DNS settings in /etc/resolv.conf, which are the same for every interface.</summary>
internal static class ResolvConfDns
{
    private const string FilePath = "/etc/resolv.conf";

    // These programs write the file again, and would overwrite our settings.
    private static readonly IReadOnlyList<(string Directory, string Owner)> Owners =
    [
        ("/run/systemd/resolve/", "systemd-resolved"), ("/usr/lib/systemd/", "systemd-resolved"), ("/lib/systemd/", "systemd-resolved"),
        ("/run/resolvconf/", "resolvconf"), ("/etc/resolvconf/run/", "resolvconf"), ("/run/NetworkManager/", "NetworkManager"),
        ("/run/connman/", "ConnMan"), ("/var/run/", "another program"), ("/run/", "another program"),
    ];

    public static DnsSettings Read(Host host, InterfaceName name) => Read(new ResolvConf(host.ReadExactly(FilePath) ?? ""), name);

    /// <summary>Gets the reason why there are no settings, when the file is a dangling symbolic link; otherwise null.</summary>
    public static string? Absence(Host host) =>
        new FileInfo(host.FullPath(FilePath)).LinkTarget is { } target && host.ReadSmall(FilePath) is null
            ? $"{FilePath} is a symbolic link to {target}, which does not exist"
            : null;

    public static DnsPlan Plan(Host host, UpdateDns request)
    {
        var name = request.InterfaceName;
        var (path, note) = Target(host);
        ResolvConf file = new(host.ReadExactly(FilePath) ?? "");
        var before = Read(file, name);
        var after = before.With(request);
        Refuse(before, after);
        host.RequireAllowed(path);
        var edited = file.With(
            before.SameServers(after) ? null : [.. after.Servers.Select(server => Ipv6Zone.With(server, name))],
            before.SameDomains(after) ? null : after.SearchDomains);
        return new()
        {
            Backend = DnsBackend.ResolvConf,
            Before = before,
            After = after,
            Notes = [.. new[] { note, Generator(file) }.OfType<string>()],
            Steps = edited == file ? [] : [async stop => await host.ReplaceAsync(FilePath, edited.Text, stop) ? $"{path} is mounted and was written in place, not replaced as a whole" : null],
        };
    }

    // Values that no resolver can use are ignored, as resolvers do, so that the result can be written again.
    private static DnsSettings Read(ResolvConf file, InterfaceName name) => new(
        [.. file.Servers.Select(Server).OfType<string>().Select(server => Ipv6Zone.Without(server, name)).Distinct(StringComparer.OrdinalIgnoreCase)],
        [.. file.SearchDomains.Where(domain => Text.TryParseResolved<SearchDomain>(domain) is { IsRouting: false }).DistinctBy(domain => domain.TrimEnd('.'), StringComparer.OrdinalIgnoreCase)],
        Persistent: true);

    // The unspecified address means this host (ip(7)), and 127.1 is written in full.
    private static string? Server(string written) => Text.TryParseResolved<DnsServer>(written)?.Value ?? (IPAddress.TryParse(written, out var address) ? address switch
    {
        _ when address.Equals(IPAddress.Any) => IPAddress.Loopback.ToString(),
        _ when address.Equals(IPAddress.IPv6Any) => IPAddress.IPv6Loopback.ToString(),
        _ => Text.TryParseResolved<DnsServer>(address.ToString())?.Value,
    } : null);

    // Values that another program wrote may stay.
    private static void Refuse(DnsSettings before, DnsSettings after)
    {
        if (after.Servers.Count > ResolvConf.MaxServers && !before.SameServers(after))
            throw new OperationException(ErrorType.Invalid, $"servers must be at most {ResolvConf.MaxServers} on this host, which has no systemd-resolved: resolvers ignore further ones in {FilePath}");
        if (after.SearchDomains.FirstOrDefault(domain => domain.StartsWith('~')) is { } routing)
            throw new OperationException(ErrorType.Invalid, $"search_domains: the routing domain {routing} needs a host with systemd-resolved");
    }

    /// <summary>Gets the file to write, behind symbolic links.</summary>
    private static (string Path, string? Note) Target(Host host)
    {
        var path = FilePath;
        for (var hops = 0; new FileInfo(host.FullPath(path)).LinkTarget is { } link; hops++)
        {
            if (hops == 16)
                throw new OperationException(ErrorType.Conflict, $"{FilePath} is a dangling symbolic link");
            path = Path.GetFullPath(link, Path.GetDirectoryName(path)!);
        }

        if (path == FilePath)
            return (path, null);
        if (Owners.FirstOrDefault(owner => path.StartsWith(owner.Directory, StringComparison.Ordinal)).Owner is { } manager)
            throw new OperationException(ErrorType.Conflict, $"{FilePath} is a symbolic link to {path}, which {manager} manages and would overwrite");
        return (path, Directory.Exists(host.FullPath(Path.GetDirectoryName(path)!))
            ? $"{FilePath} is a symbolic link; {path} was written"
            : $"{FilePath} was a symbolic link to {path}, which does not exist; a file took its place");
    }

    // The program that generated the file names itself in the first lines.
    private static string? Generator(ResolvConf file) =>
        file.Text.Split('\n').TakeWhile(line => line.Length == 0 || line[0] is '#' or ';').FirstOrDefault(line => line.Contains("enerated by", StringComparison.Ordinal)) is { } line
            ? $"{FilePath} says \"{line.Trim('#', ';', ' ', '\r')}\", which may overwrite the settings"
            : null;
}
