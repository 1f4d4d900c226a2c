using System.Net;
using Osapi.Operations;
using Osapi.Operations.Network;

namespace Osapi.Agent.Hosts;

/// <summary>DNS settings in /etc/resolv.conf, which are the same for every interface.</summary>
internal static class DnsResolvConf
{
    private const string FilePath = "/etc/resolv.conf";

    // Who writes there writes again, and over what was set.
    private static readonly IReadOnlyList<(string Directory, string Owner)> Owners =
    [
        ("/run/systemd/resolve/", "systemd-resolved"), ("/usr/lib/systemd/", "systemd-resolved"), ("/lib/systemd/", "systemd-resolved"),
        ("/run/resolvconf/", "resolvconf"), ("/etc/resolvconf/run/", "resolvconf"), ("/run/NetworkManager/", "NetworkManager"),
        ("/run/connman/", "ConnMan"), ("/var/run/", "another program"), ("/run/", "another program"),
    ];

    public static DnsSettings Read(Host host, InterfaceName name)
    {
        ResolvConf file = new(host.ReadExactly(FilePath) ?? "");
        return new([.. file.Servers.Select(server => WithoutZone(server, name))], file.SearchDomains, Persistent: true);
    }

    public static DnsPlan Plan(Host host, UpdateDns request)
    {
        var name = request.InterfaceName;
        Refuse(request);
        var (path, note) = Target(host);
        ResolvConf file = new(host.ReadExactly(path) ?? "");
        var before = Read(host, name);
        var after = before.With(request);
        var edited = file.With(
            before.SameServers(after) ? null : [.. after.Servers.Select(server => WithZone(server, name))],
            before.SameDomains(after) ? null : after.SearchDomains);
        return new()
        {
            Backend = DnsBackend.ResolvConf,
            Before = before,
            After = after,
            Notes = [.. new[] { note, Generator(file) }.OfType<string>()],
            Steps = edited == file ? [] : [_ => Task.FromResult(host.Replace(path, edited.Text) ? $"{path} is mounted and was written in place, not replaced as a whole" : null)],
        };
    }

    private static void Refuse(UpdateDns request)
    {
        if (request.Servers?.Count > ResolvConf.MostServers)
            throw new OperationException(ErrorType.Invalid, $"servers must be at most {ResolvConf.MostServers} on this host, which has no systemd-resolved: resolvers pass over further ones in {FilePath}");
        if (request.SearchDomains?.FirstOrDefault(domain => domain.IsRouting) is { } routing)
            throw new OperationException(ErrorType.Invalid, $"search_domains: the routing domain {routing} takes a host with systemd-resolved");
    }

    /// <summary>The file to write, behind symbolic links.</summary>
    private static (string Path, string? Note) Target(Host host)
    {
        var path = FilePath;
        for (var hops = 0; new FileInfo(host.Full(path)).LinkTarget is { } link; hops++)
        {
            if (hops == 16)
                throw new OperationException(ErrorType.Conflict, $"{FilePath} is a symbolic link that leads nowhere");
            path = Path.GetFullPath(link, Path.GetDirectoryName(path)!);
        }

        if (path == FilePath)
            return (path, null);
        if (Owners.FirstOrDefault(owner => path.StartsWith(owner.Directory, StringComparison.Ordinal)).Owner is { } manager)
            throw new OperationException(ErrorType.Conflict, $"{FilePath} is a symbolic link to {path}, which belongs to {manager}: it would write over what is set there");
        return (path, $"{FilePath} is a symbolic link; {path} was written");
    }

    // What made the file says so in its first lines.
    private static string? Generator(ResolvConf file) =>
        file.Text.Split('\n').TakeWhile(line => line.Length == 0 || line[0] is '#' or ';').FirstOrDefault(line => line.Contains("enerated by", StringComparison.Ordinal)) is { } line
            ? $"{FilePath} says \"{line.Trim('#', ';', ' ', '\r')}\", which may write over what was set"
            : null;

    // A link-local address means nothing without its interface, and here the interface is nowhere else.
    private static string WithZone(string server, InterfaceName name) => IPAddress.TryParse(server, out var address) && address.IsIPv6LinkLocal ? $"{server}%{name}" : server;

    private static string WithoutZone(string server, InterfaceName name) => server.EndsWith($"%{name}", StringComparison.Ordinal) ? server[..^(name.Value.Length + 1)] : server;
}
