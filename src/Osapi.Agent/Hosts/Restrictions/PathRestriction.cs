using Osapi.Agent.Hosts.Files;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Restrictions;

/// <summary>The limits for paths. They hold for the place that a path leads to, behind all links.</summary>
internal static class PathRestriction
{
    /// <summary>Requires that the agent's configuration allows the file or directory at a path of the host.</summary>
    /// <exception cref="OperationException">It is denied.</exception>
    public static void RequireAllowed(this Host host, string path)
    {
        if (host.Restrictions is { Allow.Paths: null, Deny.Paths: null })
            return;
        Require(host, path, RealPath.Of(host, path), isTree: false);
    }

    /// <summary>Requires that the configuration allows a file in an open directory, wherever the directory is now.</summary>
    /// <exception cref="OperationException">It is denied.</exception>
    public static void RequireAllowed(this Host host, HostDirectory directory, string path)
    {
        if (host.Restrictions is { Allow.Paths: null, Deny.Paths: null })
            return;
        Require(host, path, Path.Join(RealPath.Of(host, directory.Handle), Path.GetFileName(path)), isTree: false);
    }

    /// <summary>Requires that the configuration allows everything at and below a path: nothing denied is below it.</summary>
    /// <exception cref="OperationException">It is denied, or a part of it is.</exception>
    public static void RequireTreeAllowed(this Host host, string path)
    {
        if (host.Restrictions is { Allow.Paths: null, Deny.Paths: null })
            return;
        Require(host, path, RealPath.Of(host, path), isTree: true);
    }

    private static void Require(Host host, string path, string real, bool isTree)
    {
        var shown = real == path ? path : $"{path}, which is {real},";
        var (allow, deny) = (host.Restrictions.Allow.Paths, host.Restrictions.Deny.Paths);
        foreach (var denied in deny ?? [])
            if (Places(host, denied).Any(place => IsAtOrBelow(real, place) || IsAtOrBelow(path, place)))
                throw AgentRestrictions.Denied($"{shown} is in {denied}, which agent.deny.paths lists");
            else if (isTree && Places(host, denied).Any(place => IsAtOrBelow(place, real)))
                throw AgentRestrictions.Denied($"{shown} contains {denied}, which agent.deny.paths lists");
        if (allow is not null && !allow.Any(allowed => IsAtOrBelow(real, RealPath.Of(host, allowed))))
            throw AgentRestrictions.Denied($"{shown} is not in a path that agent.allow.paths lists");
    }

    // A denied path is denied under its name and at the place behind links.
    private static IEnumerable<string> Places(Host host, string path) => [path, RealPath.Of(host, path)];

    private static bool IsAtOrBelow(string path, string place) =>
        place == "/" || path == place || (path.StartsWith(place, StringComparison.Ordinal) && path[place.Length] == '/');
}
