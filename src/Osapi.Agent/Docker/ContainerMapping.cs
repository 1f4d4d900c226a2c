using System.Globalization;
using Docker.DotNet.Models;
using Osapi.Operations.Docker;
using EnginePolicy = Docker.DotNet.Models.RestartPolicy;

namespace Osapi.Agent.Docker;

/// <summary>Maps an engine's description of a container to the catalog's types.</summary>
internal static class ContainerMapping
{
    public static ContainerDetail Of(ContainerInspectResponse found) => new()
    {
        Id = found.ID,
        Name = Name(found.Name),
        Image = found.Config?.Image ?? "",
        ImageId = found.Image,
        State = found.State?.Status is { Length: > 0 } state ? state : "unknown",
        ExitCode = found.State is { Running: false, Status: not "created" } ended ? ended.ExitCode : null,
        Created = Time(found.Created),
        StartedAt = Started(found.State?.StartedAt),
        RestartCount = found.RestartCount,
        Command = [.. new[] { found.Path }.OfType<string>().Where(path => path.Length > 0), .. found.Args ?? []],
        Env = [.. found.Config?.Env ?? []],
        Ports = Ports(found),
        Mounts = [.. (found.Mounts ?? []).Select(Mount)],
        Labels = found.Config?.Labels?.ToDictionary() ?? [],
        ContainerHostname = found.Config?.Hostname is { Length: > 0 } hostname ? hostname : null,
        Dns = [.. found.HostConfig?.DNS ?? []],
        Restart = Restart(found.HostConfig?.RestartPolicy),
        Memory = found.HostConfig?.Memory is > 0 and var memory ? memory : null,
        Cpus = found.HostConfig?.NanoCPUs is > 0 and var cpus ? cpus / 1e9 : null,
        NetworkSettings = Network(found),
        Health = found.State?.Health?.Status is { Length: > 0 } and not "none" and var health ? health : null,
    };

    /// <summary>Gets a container's name without the engine's leading slash.</summary>
    public static string Name(string? name) => name?.TrimStart('/') ?? "";

    public static DateTimeOffset Time(DateTime time) => new(time.ToUniversalTime());

    // Engines report the year 1 for a container that was never started.
    private static DateTimeOffset? Started(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1 ? time.ToUniversalTime() : null;

    private static IReadOnlyList<string> Ports(ContainerInspectResponse found)
    {
        var ports = found.State?.Running == true && found.NetworkSettings?.Ports is { Count: > 0 } real ? real : found.HostConfig?.PortBindings;
        return
        [
            .. from port in ports ?? new Dictionary<string, IList<PortBinding>>()
               from binding in port.Value ?? []
               select Port(port.Key, binding) into written
               orderby written
               select written,
        ];
    }

    private static string Port(string port, PortBinding binding)
    {
        var address = binding.HostIP is null or "" or "0.0.0.0" ? "" : binding.HostIP.Contains(':', StringComparison.Ordinal) ? $"[{binding.HostIP}]:" : binding.HostIP + ":";
        return $"{address}{(string.IsNullOrEmpty(binding.HostPort) ? "0" : binding.HostPort)}:{port.Replace("/tcp", "", StringComparison.Ordinal)}";
    }

    // Only options that a request can set; the other parts of an engine's mode cannot be requested.
    private static string Mount(MountPoint mount)
    {
        List<string> options = mount.RW ? [] : ["ro"];
        // Engines add a z of their own to every volume.
        options.AddRange((mount.Mode ?? "").Split(',').Where(mode => mode == "nocopy" || (mode is "z" or "Z" && mount.Type != "volume")));
        if (mount.Propagation is { Length: > 0 } and not "rprivate" and var propagation)
            options.Add(propagation);
        return $"{(mount.Type == "volume" ? mount.Name : mount.Source)}:{mount.Destination}{(options.Count == 0 ? "" : ":" + string.Join(',', options))}";
    }

    private static string? Restart(EnginePolicy? policy) => policy?.Name switch
    {
        RestartPolicyKind.Always => "always",
        RestartPolicyKind.UnlessStopped => "unless-stopped",
        RestartPolicyKind.OnFailure when policy.MaximumRetryCount > 0 => string.Create(CultureInfo.InvariantCulture, $"on-failure:{policy.MaximumRetryCount}"),
        RestartPolicyKind.OnFailure => "on-failure",
        RestartPolicyKind.No => "no",
        _ => null,
    };

    // Of several networks: the one it was created in, else the first by name, so that the choice is stable.
    private static ContainerNetwork? Network(ContainerInspectResponse found)
    {
        var mode = found.HostConfig?.NetworkMode is { Length: > 0 } and not "default" and var named ? named : "bridge";
        var networks = found.NetworkSettings?.Networks ?? new Dictionary<string, EndpointSettings>();
        var (name, network) = networks.OrderByDescending(network => network.Key == mode).ThenBy(network => network.Key, StringComparer.Ordinal).FirstOrDefault();
        return name is null
            ? new() { Network = mode }
            : new() { Network = name, IpAddress = Text(network?.IPAddress) ?? Text(network?.GlobalIPv6Address), Gateway = Text(network?.Gateway) ?? Text(network?.IPv6Gateway) };
    }

    private static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
